/// Tests look at raw documents in the database that ``TestServer`` lends.
@_exported public import MongoDriver
