/// Documents are what commands take and give: who uses the driver has them with it.
@_exported public import BSON
