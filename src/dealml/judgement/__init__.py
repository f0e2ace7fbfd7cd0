"""What people judged, kept beside what the model said, and whether it helped."""
