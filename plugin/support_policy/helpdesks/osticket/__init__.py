"""osTicket, through our plugin inside it."""
