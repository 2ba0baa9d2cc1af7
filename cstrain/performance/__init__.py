"""What people did month by month, closed and comparable: the evidence behind criteria and pay."""
