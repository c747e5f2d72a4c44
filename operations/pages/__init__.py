"""Reports as single HTML files, drawn from stored figures: nothing is loaded from anywhere, everything is escaped."""
