"""The addresses of what is for sale, of baskets, discounts and orders."""

from django.urls import URLPattern

from corridor.kit.api.routes import operation, together

from . import baskets, orders, products

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
carts: list[URLPattern] = [
    operation("baskets/", baskets.BasketList, "baskets_list", "baskets"),
    operation("baskets/<int:id>/", baskets.BasketDetail, "baskets_retrieve", "baskets"),
    together(
        operation("baskets/<int:basket>/items/", baskets.ItemList, "baskets_items_list", "baskets"),
        operation("baskets/<int:basket>/items/", baskets.AddItem, "baskets_items_create", "baskets"),
    ),
    together(
        operation("baskets/<int:basket>/items/<int:id>/", baskets.ItemDetail, "baskets_items_retrieve", "baskets"),
        operation("baskets/<int:basket>/items/<int:id>/", baskets.ChangeItem, "baskets_items_update", "baskets", method="PUT"),
        operation("baskets/<int:basket>/items/<int:id>/", baskets.ChangeItem, "baskets_items_partial_update", "baskets", method="PATCH"),
        operation("baskets/<int:basket>/items/<int:id>/", baskets.RemoveItem, "baskets_items_destroy", "baskets", method="DELETE"),
    ),
    operation("baskets/add_discount/", baskets.AddDiscount, "baskets_add_discount_create", "baskets"),
    operation("baskets/clear/", baskets.Clear, "baskets_clear_destroy", "baskets", method="DELETE"),
    together(
        operation("baskets/checkout/", baskets.StartCheckout, "baskets_checkout_retrieve", "baskets"),
        operation("baskets/checkout/", baskets.Checkout, "baskets_checkout_create", "baskets"),
    ),
    operation("baskets/create_from_product/<int:product_id>/", baskets.CreateFromProduct, "baskets_create_from_product_create", "baskets"),
    operation(
        "baskets/create_from_product/<int:product_id>/<str:discount_code>/",
        baskets.CreateFromProductWithDiscount,
        "create_basket_from_product_with_discount",
        "baskets",
    ),
    operation("baskets/create_with_products/", baskets.CreateWithProducts, "baskets_create_with_products_create", "baskets"),
]
ordered: list[URLPattern] = [
    operation("orders/history/", orders.HistoryList, "orders_history_list", "orders"),
    operation("orders/history/<int:id>/", orders.HistoryDetail, "orders_history_retrieve", "orders"),
    operation("orders/receipt/<int:id>/", orders.Receipt, "orders_receipt_retrieve", "orders"),
    operation("orders/refund-requests/", orders.AskForRefund, "orders_refund_requests_create", "orders"),
    operation("orders/status/<str:order_id>/", orders.Status, "orders_status_retrieve", "orders"),
]
v0 = [*sold, *carts, *ordered]
