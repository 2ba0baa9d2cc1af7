"""Tables and PDF in and out: plain data and a package's own template; no form is known here."""
