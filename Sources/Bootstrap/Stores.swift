package import Domain
internal import MongoDriver
package import MongoStore
package import ObjectStore
package import ServiceConfiguration

/// The database and the object store that a configuration names.
///
/// Opens nothing over the network yet: a program starts, and says so, while the database is still away.
package struct Stores: Sendable {
    package let database: AnnotationDatabase
    package let store: any BlobStore
    /// Counts what is done with them, and whatever else this process counts.
    package let meter = WorkMeter()

    /// - Parameters:
    ///   - clientCount: connections to the database.
    ///   - connections: transfers to or from the store at a time.
    /// - Throws: `StoreError` or `BlobError` for settings that cannot be used.
    package init(_ configuration: Configuration, clientCount: Int, connections: Int = 4) throws {
        self.database = try Self.openDatabase(configuration.mongoDB, clientCount: clientCount)
        self.store = try Self.openStore(configuration.storage, connections: connections, meter: self.meter)
        ProcessExit.skipLibraryHandlers()
    }

    /// The database alone.
    package static func openDatabase(
        _ settings: MongoDBSettings, clientCount: Int
    ) throws(StoreError) -> AnnotationDatabase {
        var mongo = MongoConfiguration(
            uri: settings.connectionString.reveal(), databaseName: settings.databaseName)
        mongo.clientCount = clientCount
        mongo.applicationName = "content-processor"
        mongo.tlsCAFile = settings.caFile
        return AnnotationDatabase(try MongoDatabase(mongo))
    }

    /// The object store alone.
    package static func openStore(
        _ storage: StorageSettings, connections: Int, meter: WorkMeter = WorkMeter()
    ) throws(BlobError) -> any BlobStore {
        switch storage {
        case .directory(let path):
            return try DirectoryStore(path: path)
        case .bucket(let bucket):
            return try S3Store(
                settings: S3Settings(
                    endpoint: bucket.endpoint, region: bucket.region, accessKeyID: bucket.accessKeyID,
                    secretAccessKey: bucket.secretAccessKey.reveal(), bucket: bucket.bucketName,
                    pathStyle: bucket.usesPathStyle, caFile: bucket.caFile), connections: connections,
                observer: { meter.add($0) })
        }
    }
}

extension WorkMeter {
    fileprivate func add(_ activity: S3Activity) {
        switch activity {
        case .request: self.add(to: .s3Requests)
        case .retry: self.add(to: .s3Retries)
        case .transfer(let sent, let received):
            self.add(Double(sent), to: .s3BytesSent)
            self.add(Double(received), to: .s3BytesReceived)
        }
    }
}
