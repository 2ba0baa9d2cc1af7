"""What released first attempts tell about papers and questions; nobody is named."""
