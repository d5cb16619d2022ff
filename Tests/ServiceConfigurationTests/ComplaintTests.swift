import Testing

@testable import ServiceConfiguration

@Suite struct ComplaintTests {
    static let names: [(text: String, line: String)] = [
        ("[App]\nprot = 1", "config.cfg:2: [App] prot is not a known key; did you mean port?"),
        ("[app]\nPORTS = 1", "config.cfg:2: [app] PORTS is not a known key; did you mean port?"),
        ("[Mongo]", "config.cfg:1: [Mongo] is not a known section; did you mean [MongoDB]?"),
        (
            "[Cores]\nthreads = 1",
            "config.cfg:2: [Cores] threads is not a known key; known are cpu_cores"
        ),
        ("[AutoAnnotation]", "config.cfg:1: [AutoAnnotation] is not a known section; did you mean [AutoAnnotation.1]?"),
        (
            "[AutoAnnotation.0]",
            "config.cfg:1: [AutoAnnotation.0] is not a known section; did you mean [AutoAnnotation.1]?"
        ),
        (
            "[AutoAnnotation.01]",
            "config.cfg:1: [AutoAnnotation.01] is not a known section; did you mean [AutoAnnotation.1]?"
        ),
        ("[MongoDB]\ndatabase = x", "config.cfg:2: [MongoDB] database is not a known key; it is called db_name now"),
        ("[MongoDB]\nHost = x", "config.cfg:2: [MongoDB] Host is not a known key; it is called server_ip now"),
        ("[S3]\nbucket = x", "config.cfg:2: [S3] bucket is not a known key; it is called bucket_name now"),
        (
            "[s3]\naws_secret_access_key = x",
            "config.cfg:2: [s3] aws_secret_access_key is not a known key; it is called secret_access_key now"
        ),
        ("[Cores]\nnum_cores = 2", "config.cfg:2: [Cores] num_cores is not a known key; it is called cpu_cores now"),
    ]

    @Test(arguments: names)
    func anUnknownNameGetsAHint(text: String, line: String) {
        #expect(complaint(text) == line)
    }

    @Test func everyHintNamesAKeyOfItsSection() {
        for (section, names) in NameHint.renamed {
            let keys = KeyTable.sections.first { type(of: $0).section == section }?.all.map(\.name) ?? []
            for (old, new) in names {
                #expect(keys.contains(new), "[\(section)] \(new)")
                #expect(!keys.contains(old), "[\(section)] \(old)")
            }
        }
    }

    static let values: [(key: String, value: String, allowed: String)] = [
        ("App.port", "65536", "a whole number from 0 to 65535"),
        ("App.port", "80a", "a whole number from 0 to 65535"),
        ("App.port", "8081 # comment", "a whole number from 0 to 65535"),
        ("App.host", "http://x", "a host name or an IP address, without a port"),
        ("App.queue_limit", "0", "a whole number from 1 to 1000000"),
        ("App.allow_unkeyed_dataset_requests", "maybe", "true or false"),
        (
            "App.cors_origins", "https://a.example, https://b.example/",
            "a list with commas, each item a browser's origin such as https://example.org, without a path"
        ),
        ("App.api_key", "sha256:12", "a key of at least 16 visible characters, or sha256: and 64 hexadecimal digits"),
        (
            "App.api_key", "with blanks in the middle",
            "a key of at least 16 visible characters, or sha256: and 64 hexadecimal digits"
        ),
        (
            "App.api_key", "fifteen-letters",
            "a key of at least 16 visible characters, or sha256: and 64 hexadecimal digits"
        ),
        (
            "Encoding.preset", "quick",
            "one of ultrafast, superfast, veryfast, faster, fast, medium, slow, slower, veryslow, placebo"
        ),
        ("Encoding.crf", "51.5", "a number from 0 to 51"),
        ("Encoding.crf", "-1", "a number from 0 to 51"),
        ("Encoding.crf", "nan", "a number from 0 to 51"),
        ("Encoding.crf", "1e1", "a number from 0 to 51"),
        ("Encoding.jpeg_quality", "0", "a whole number from 1 to 100"),
        ("Content.allowed_extensions", "mp4,,avi", "a list with commas, each item a file name extension"),
        ("Content.frames_per_task", "99999999999999999999", "a whole number from 1 to 10000"),
        ("Cores.cpu_cores", "0", "all or a whole number from 1 to 1024"),
        ("Worker.lease_seconds", "1", "a whole number from 5 to 3600"),
        ("Retention.work_file_days", "never", "keep or a whole number from 1 to 36500"),
        ("MongoDB.uri", "localhost:27017", "a connection string that starts with mongodb:// or mongodb+srv://"),
        ("MongoDB.db_name", "a/b", "a database name of letters, digits, _ and -"),
        ("S3.endpoint", "minio:9000", "an http or https URL without user, password and query"),
        ("S3.endpoint", "http://me:pw@minio:9000", "an http or https URL without user, password and query"),
        ("AutoAnnotation.2.engine", "yolo", "one of motion, onnx, remote"),
        ("AutoAnnotation.2.sha256", "abc", "64 hexadecimal digits"),
        (
            "Augmentation.aug_map", "A=flip_it",
            "a list with commas, each item id=a type of letters, digits and hyphens, every id once"
        ),
        (
            "Augmentation.range_map", "A=2,A=3",
            "a list with commas, each item id=a number from 0.001 to 1000000, every id once"
        ),
    ]

    @Test(arguments: values)
    func aBadValueIsNamedWithWhatIsAllowed(key: String, value: String, allowed: String) {
        let parts = key.split(separator: ".")
        let section = parts.dropLast().joined(separator: ".")
        let name = "[\(section)] \(parts[parts.count - 1])"
        #expect(
            complaint("[\(section)]\n\(parts[parts.count - 1]) = \(value)")
                == "config.cfg:2: \(name) must be \(allowed)")
        let variable = key.uppercased().split(separator: ".").joined(separator: "_")
        #expect(
            complaint("", [variable: value]) == "environment variable \(variable): \(name) must be \(allowed)")
    }

    @Test func noComplaintRepeatsAValue() {
        let secret = "Tr0ub4dor"
        for (key, _, _) in Self.values {
            let parts = key.split(separator: ".")
            let text = "[\(parts.dropLast().joined(separator: "."))]\n\(parts[parts.count - 1]) = \(secret) \(secret)"
            #expect(complaint(text)?.contains(secret) != true, "\(key)")
        }
    }
}
