// The kernel's own worker, with Python begun before JupyterLite asks for it. The build writes the name of the worker's file.
import 'KERNEL_WORKER'
import { begin } from './python.mjs'

begin()
