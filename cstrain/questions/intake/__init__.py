"""Files of questions brought into a bank in two steps: looked at, then confirmed."""
