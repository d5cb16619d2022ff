import Testing

@testable import ServiceConfiguration

@Suite struct MongoDBSettingsTests {
    static let connections: [(text: String, uri: String)] = [
        ("", "mongodb://127.0.0.1:27017/annotation"),
        ("server_ip = db.example\nport = 27018\ndb_name = cvat", "mongodb://db.example:27018/cvat"),
        ("server_ip = ::1", "mongodb://[::1]:27017/annotation"),
        (
            "user_name = me\npassword = secret",
            "mongodb://me:secret@127.0.0.1:27017/annotation?authSource=annotation"
        ),
        (
            "user_name = m@e\npassword = p:/?#[]@%é ;=~\nauth_source = admin",
            "mongodb://m%40e:p%3A%2F%3F%23%5B%5D%40%25%C3%A9%20%3B%3D~@127.0.0.1:27017/annotation?authSource=admin"
        ),
        ("uri = mongodb+srv://u:p@c.example/x?w=1\nuser_name = other", "mongodb+srv://u:p@c.example/x?w=1"),
    ]

    @Test(arguments: connections)
    func keysBecomeAConnectionString(text: String, uri: String) throws {
        #expect(try settings("[MongoDB]\n\(text)").mongoDB.connectionString.reveal() == uri)
    }

    @Test func theAuthorityFileLiesBelowTheRoot() throws {
        #expect(try settings("[MongoDB]\ntls_ca_file = tls/a b.pem").mongoDB.caFile == "/srv/annotation/tls/a b.pem")
        #expect(try settings("[MongoDB]\ntls_ca_file = /a").mongoDB.caFile == "/a")
    }

    @Test func userAndPasswordNeedEachOther() {
        #expect(
            complaint("[MongoDB]\nuser_name = a") == "config.cfg:2: [MongoDB] user_name needs a password beside it")
        #expect(
            complaint("", ["MONGODB_PASSWORD": "a"])
                == "environment variable MONGODB_PASSWORD: [MongoDB] password needs a user_name beside it")
    }
}

@Suite struct StorageSettingsTests {
    static let keys = "[S3]\naccess_key_id = id\nsecret_access_key = s3cr3t\n"

    @Test func withoutKeysADirectoryStandsIn() throws {
        #expect(try settings("[S3]\ndirectory = /data/objects").storage == .directory("/data/objects"))
        let unused = try settings("[S3]\nbucket_name = b")
        #expect(unused.storage == .directory("/srv/annotation/work/objects"))
        #expect(
            unused.notices
                == ["[S3] has no access_key_id, so objects go to the directory /srv/annotation/work/objects"])
    }

    @Test func aServerOfYourOwnTakesPathStyleAndSomeRegion() throws {
        let storage = try settings(Self.keys + "endpoint = http://minio:9000/\nbucket_name = b\nca_file = ca.pem")
            .storage
        guard case .bucket(let bucket) = storage else {
            Issue.record("keys were given")
            return
        }
        #expect(bucket.endpoint == "http://minio:9000")
        #expect(bucket.region == "us-east-1")
        #expect(bucket.usesPathStyle)
        #expect(bucket.caFile == "/srv/annotation/ca.pem")
        #expect(bucket.secretAccessKey.reveal() == "s3cr3t")
    }

    @Test func keysAndRegionAloneMeanAWS() throws {
        let storage = try settings(Self.keys + "region = eu-west-1\nbucket_name = b").storage
        guard case .bucket(let bucket) = storage else {
            Issue.record("keys were given")
            return
        }
        #expect(bucket.endpoint == nil)
        #expect(bucket.region == "eu-west-1")
        #expect(!bucket.usesPathStyle)
    }

    static let incomplete: [(text: String, line: String)] = [
        ("[S3]\naccess_key_id = a", "config.cfg:2: [S3] access_key_id needs a secret_access_key beside it"),
        ("[S3]\nsecret_access_key = a", "config.cfg:2: [S3] secret_access_key needs an access_key_id beside it"),
        (keys + "region = r", "config.cfg: [S3] bucket_name is needed when access_key_id is set"),
        (
            keys + "bucket_name = b",
            "config.cfg: [S3] region is needed for AWS; set it, or endpoint for a server of your own"
        ),
    ]

    @Test(arguments: incomplete)
    func halfABucketStopsTheStart(text: String, line: String) {
        #expect(complaint(text) == line)
    }
}

@Suite struct FolderSettingsTests {
    @Test func relativePathsStartAtTheRoot() throws {
        let folders = try settings("[Folders]\nroot = data//./x/\ncontent_base = ../up\nwork = /scratch/").folders
        #expect(folders.root == "/srv/annotation/data/x")
        #expect(folders.contentBase == "/srv/annotation/data/x/../up")
        #expect(folders.work == "/scratch")
        #expect(folders.resolve("./contents/uploads/p/a.mp4") == "/srv/annotation/data/x/contents/uploads/p/a.mp4")
        #expect(folders.resolve("/abs") == "/abs")
    }
}

@Suite struct UnitTests {
    @Test func textBecomesUnits() throws {
        let settings = try settings(
            """
            [Content]
            max_duration_hours = 1.5
            max_file_size_gb = 0.5
            allowed_extensions = .MP4, Mov
            [Encoding]
            preset = Slow
            crf = 20.5
            [Worker]
            memory_limit_mb = 512
            [Retention]
            finished_job_days = 30
            [Cores]
            cpu_cores = 3
            [App]
            cors_origins = https://a.example, http://b.example:3000
            """)
        #expect(settings.content.maximumDuration == .seconds(5400))
        #expect(settings.content.maximumByteCount == 500_000_000)
        #expect(settings.content.allowedExtensions == ["mp4", "mov"])
        #expect(settings.encoding.preset == .slow)
        #expect(settings.encoding.crf == 20.5)
        #expect(settings.worker.memoryLimitByteCount == 536_870_912)
        #expect(settings.retention.finishedJobs == .seconds(2_592_000))
        #expect(settings.retention.workFiles == nil)
        #expect(settings.cores.cpuCoreCount == 3)
        #expect(settings.app.corsOrigins == ["https://a.example", "http://b.example:3000"])
    }

    @Test func augmentationTablesAreRead() throws {
        let settings = try settings(
            "[Augmentation]\naug_map = MIRROR=flip-horizontal, A=b\nrange_map = ROTATION=2,SHEAR=0.5\ndisabled = CROP, A"
        )
        #expect(settings.augmentation.typesByIdentifier == ["MIRROR": "flip-horizontal", "A": "b"])
        #expect(settings.augmentation.divisorsByIdentifier == ["ROTATION": 2, "SHEAR": 0.5])
        #expect(settings.augmentation.disabledIdentifiers == ["CROP", "A"])
    }
}

@Suite struct AutoAnnotationSettingsTests {
    @Test func aVersionKeepsTheOrderOfItsLabels() throws {
        let version = try settings(
            "[AutoAnnotation.7]\nengine = onnx\nmodel = a.onnx\nlabels = person=Pedestrian, car\nconfidence = 0.5"
        ).autoAnnotation[7]
        #expect(version?.labels.map(\.name) == ["person", "car"])
        #expect(version?.labels.map(\.value) == ["Pedestrian", "car"])
        #expect(version?.confidence == 0.5)
        #expect(version?.version == 7)
    }

    static let contradictions: [(text: String, line: String)] = [
        ("engine = onnx", "config.cfg:2: [AutoAnnotation.2] engine onnx needs a model beside it"),
        ("engine = remote\nmodel = m", "config.cfg:2: [AutoAnnotation.2] engine remote needs a url beside it"),
        ("model = m", "config.cfg:2: [AutoAnnotation.2] model is of no use to the engine motion"),
        (
            "engine = onnx\nmodel = m\nurl = http://h",
            "config.cfg:4: [AutoAnnotation.2] url is of no use to the engine onnx"
        ),
        (
            "sha256 = \(String(repeating: "A", count: 64))",
            "config.cfg:2: [AutoAnnotation.2] sha256 is of no use to the engine motion"
        ),
    ]

    @Test(arguments: contradictions)
    func anEngineGetsWhatItNeedsAndNothingElse(text: String, line: String) {
        #expect(complaint("[AutoAnnotation.2]\n\(text)") == line)
    }
}
