import Annotation
import ContentPipeline
import Crypto
import FoundationEssentials
import Logging
import MongoStore
import ObjectStore
import ServiceConfiguration

/// What both `serve` and `work` are made of: the configuration, and the outside systems that it names.
struct Parts {
    let configuration: Configuration
    let database: AnnotationDatabase
    let store: any BlobStore
    let settings: PipelineSettings
    let logger: Logger

    /// Opens nothing over the network yet: a service starts, and says so, while the database is still away.
    init(configuration: Configuration, role: String) throws {
        var logger = Logger(label: "content-processor.\(role)") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .info
        for notice in configuration.notices { logger.warning("\(notice)") }
        self.configuration = configuration
        self.logger = logger
        self.settings = PipelineSettings(configuration)
        var mongo = MongoConfiguration(
            uri: configuration.mongoDB.connectionString.reveal(), databaseName: configuration.mongoDB.databaseName)
        mongo.clientCount = role == "serve" ? 8 : 3
        self.database = AnnotationDatabase(try MongoDatabase(mongo))
        self.store = try Self.openStore(configuration.storage)
    }

    private static func openStore(_ storage: StorageSettings) throws -> any BlobStore {
        switch storage {
        case .directory(let path):
            return try DirectoryStore(path: path)
        case .bucket(let bucket):
            return try S3Store(
                settings: ObjectStore.S3Settings(
                    endpoint: bucket.endpoint, region: bucket.region, accessKeyID: bucket.accessKeyID,
                    secretAccessKey: bucket.secretAccessKey.reveal(), bucket: bucket.bucketName,
                    pathStyle: bucket.usesPathStyle, caFile: bucket.caFile))
        }
    }

    /// The keys that callers may present; the first start makes one where none is configured.
    func keyRing() throws -> KeyRing {
        var keys = self.configuration.app.keys
        if keys.isEmpty {
            let file = ServiceKeyFile(workFolder: self.configuration.folders.work)
            let (key, isNew) = try file.readOrMake()
            self.logger.notice("\(isNew ? "made an API key; it" : "the API key") is kept in \(file.path)")
            keys = [key]
        }
        return try KeyRing(keys) { Array(SHA256.hash(data: Data($0.utf8))) }
    }
}
