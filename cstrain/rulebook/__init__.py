"""Documents of the house, their editions, and who has acknowledged them."""
