// SpoolSystem
