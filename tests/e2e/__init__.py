"""The whole product, driven as people drive it."""
