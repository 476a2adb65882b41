"""The addresses of what is for sale, of baskets, discounts and orders."""

from django.urls import URLPattern

from corridor.kit.api.routes import operation, together

from . import products

sold: list[URLPattern] = [
    operation("products/", products.ProductList, "products_list", "products"),
    operation("products/<int:id>/", products.ProductDetail, "products_retrieve", "products"),
    operation("products/<int:id>/user_flexible_price/", products.OwnPrice, "products_user_flexible_price_retrieve", "products"),
    together(
        operation("products/all/", products.WholeList, "products_all_list", "products"),
        operation("products/all/", products.Sell, "products_all_create", "products"),
    ),
    together(
        operation("products/all/<int:id>/", products.WholeDetail, "products_all_retrieve", "products"),
        operation("products/all/<int:id>/", products.ChangeTerms, "products_all_update", "products", method="PUT"),
        operation("products/all/<int:id>/", products.ChangeTerms, "products_all_partial_update", "products", method="PATCH"),
        operation("products/all/<int:id>/", products.StopSelling, "products_all_destroy", "products", method="DELETE"),
    ),
]
v0 = [*sold]
