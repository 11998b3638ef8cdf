"""What is kept: deliveries, decisions and clocks, in SQLite or PostgreSQL."""
