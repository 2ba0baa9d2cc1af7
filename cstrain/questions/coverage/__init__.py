"""Which lessons and topics a bank covers, and what papers lack."""
