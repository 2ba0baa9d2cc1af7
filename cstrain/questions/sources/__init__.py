"""Whether questions still fit the sections of lessons they come from."""
