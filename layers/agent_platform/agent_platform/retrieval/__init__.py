"""What is found for a customer: passages about past cases, and customers who are alike."""
