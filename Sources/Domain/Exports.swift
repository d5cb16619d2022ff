/// The product's documents are named by ids of the database's kind: who uses its values sees their type, and nothing
/// else of BSON.
@_exported public import struct BSON.ObjectID
