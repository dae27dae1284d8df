"""Words of a model on this machine, where the script has none: everything else of the answer stays the stand-in's."""
