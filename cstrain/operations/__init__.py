"""Running the product: setting up, serving, upgrading, backing up, checking."""
