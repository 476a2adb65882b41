"""The addresses of what is for sale, of baskets, discounts and orders."""

from typing import Any

from django.urls import URLPattern

from corridor.kit.api.routes import operation, together

from . import baskets, discounts, orders, products

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
        operation("baskets/<int:parent_lookup_basket>/items/", baskets.ItemList, "baskets_items_list", "baskets"),
        operation("baskets/<int:parent_lookup_basket>/items/", baskets.AddItem, "baskets_items_create", "baskets"),
    ),
    together(
        operation("baskets/<int:parent_lookup_basket>/items/<int:id>/", baskets.ItemDetail, "baskets_items_retrieve", "baskets"),
        operation(
            "baskets/<int:parent_lookup_basket>/items/<int:id>/", baskets.ChangeItem, "baskets_items_update", "baskets", method="PUT"
        ),
        operation(
            "baskets/<int:parent_lookup_basket>/items/<int:id>/",
            baskets.ChangeItem,
            "baskets_items_partial_update",
            "baskets",
            method="PATCH",
        ),
        operation(
            "baskets/<int:parent_lookup_basket>/items/<int:id>/", baskets.RemoveItem, "baskets_items_destroy", "baskets", method="DELETE"
        ),
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


def crud(below: str, parent: str, views: tuple[type[Any], ...]) -> list[URLPattern]:
    """What belongs to a discount: list and row to read, and to add, change and take away."""
    rows, row, add, change, delete = views
    address, name = f"discounts/<int:parent_lookup_{parent}>/{below}/", f"discounts_{below}"
    return [
        together(
            operation(address, rows, f"{name}_list", "discounts"),
            operation(address, add, f"{name}_create", "discounts"),
        ),
        together(
            operation(f"{address}<int:id>/", row, f"{name}_retrieve", "discounts"),
            operation(f"{address}<int:id>/", change, f"{name}_update", "discounts", method="PUT"),
            operation(f"{address}<int:id>/", change, f"{name}_partial_update", "discounts", method="PATCH"),
            operation(f"{address}<int:id>/", delete, f"{name}_destroy", "discounts", method="DELETE"),
        ),
    ]


PRODUCTS = (
    discounts.ProductLinks,
    discounts.ProductLink,
    discounts.LinkProduct,
    discounts.ChangeProductLink,
    discounts.UnlinkProduct,
)
ASSIGNEES = (discounts.Assignees, discounts.Assignee, discounts.Assign, discounts.ChangeAssignee, discounts.Unassign)
REDEMPTIONS = (
    discounts.Redemptions,
    discounts.RedemptionDetail,
    discounts.AddRedemption,
    discounts.WriteRedemption,
    discounts.ReleaseRedemption,
)
reduced: list[URLPattern] = [
    together(
        operation("discounts/", discounts.DiscountList, "discounts_list", "discounts"),
        operation("discounts/", discounts.CreateDiscount, "discounts_create", "discounts"),
    ),
    operation("discounts/create_batch/", discounts.CreateBatch, "discounts_create_batch_create", "discounts"),
    together(
        operation("discounts/<int:id>/", discounts.DiscountDetail, "discounts_retrieve", "discounts"),
        operation("discounts/<int:id>/", discounts.EditDiscount, "discounts_update", "discounts", method="PUT"),
        operation("discounts/<int:id>/", discounts.EditDiscount, "discounts_partial_update", "discounts", method="PATCH"),
        operation("discounts/<int:id>/", discounts.WithdrawDiscount, "discounts_destroy", "discounts", method="DELETE"),
    ),
    *crud("products", "discount", PRODUCTS),
    *crud("assignees", "discount", ASSIGNEES),
    *crud("redemptions", "redeemed_discount", REDEMPTIONS),
]
v0 = [*sold, *carts, *ordered, *reduced]
