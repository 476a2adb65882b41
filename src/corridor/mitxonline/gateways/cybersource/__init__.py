"""CyberSource: Secure Acceptance hosted checkout to pay, its REST API to refund and to look up."""
