"""Files of events: planned in ranges, each line taken in as a webhook's event is, and reported on by its number."""
