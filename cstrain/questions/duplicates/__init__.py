"""Questions that say nearly the same, within a bank and across banks; pairs set aside by people."""
