"""Services of the past, from a file of a CRM's export into the feature store; stopped and begun again at any time."""
