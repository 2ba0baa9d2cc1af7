"""Pay by published schemes; decimal, never float. Built so far: the chapter of the base by level."""
