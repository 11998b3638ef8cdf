"""Takes the record out of the house and proves it there, with nothing but the file."""
