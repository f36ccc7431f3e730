"""What leaves the desk: tables and workbooks for people."""
