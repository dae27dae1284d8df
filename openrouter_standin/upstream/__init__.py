"""What the providers behind the service refuse: a dated table, and the conditions its rows name."""
