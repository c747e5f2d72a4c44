"""The way in, the same for every source: who may send, what is accepted, and the record of each event, made once."""
