"""Random workflows against separation of duties, seals and anonymity; one file of ``roads`` is one road."""
