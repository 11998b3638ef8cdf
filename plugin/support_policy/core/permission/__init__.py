"""Permission for paid help: asked, answered by a person, kept, and never billed without; pure."""
