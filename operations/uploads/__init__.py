"""Files of events: put into the inbox, followed, and taken up again where a run broke off."""
