/// Every key of `config.cfg`, section by section, in the order of the file.
///
/// A new key is one line here and one property of its section's settings.
enum KeyTable {
    static let sections: [any SectionKeys] = [
        MongoDBKeys(), S3Keys(), AppKeys(), ContentKeys(), EncodingKeys(), FolderKeys(), AutoAnnotationKeys(),
        AugmentationKeys(), CoreKeys(), WorkerKeys(), LogKeys(), RetentionKeys(),
    ]
}

struct MongoDBKeys: SectionKeys {
    static let section = "MongoDB"
    let uri = Key("uri", .optional(.mongoURI), "Whole connection string; when set, it replaces the next five keys.")
    let userName = Key("user_name", .optional(.text), "User to log in as; none for a server without access control.")
    let password = Key(
        "password", .optional(.secret), "Password of that user, as it is: it is percent-encoded for you.")
    let serverIP = Key("server_ip", .host, default: "127.0.0.1", "Host name or IP address of the server.")
    let port = Key("port", .whole(1...65535), default: "27017", "TCP port of the server.")
    let authSource = Key("auth_source", .optional(.text), "Database that knows the user; db_name when not set.")
    let databaseName = Key("db_name", .databaseName, default: "annotation", "Database of the annotation system.")
    let caFile = Key("tls_ca_file", .optional(.path), "PEM file of the authority that signed the server; turns TLS on.")
}

struct S3Keys: SectionKeys {
    static let section = "S3"
    let endpoint = Key("endpoint", .optional(.url), "URL of an S3 server of your own; AWS when not set.")
    let region = Key(
        "region", .optional(.regionName), "Region of the bucket; us-east-1 with an endpoint, needed for AWS.")
    let accessKeyID = Key("access_key_id", .optional(.text), "Access key; without keys objects lie in directory.")
    let secretAccessKey = Key("secret_access_key", .optional(.secret), "Secret of the access key.")
    let bucketName = Key("bucket_name", .optional(.bucketName), "Bucket of clips and datasets; it must exist.")
    let pathStyle = Key(
        "path_style", .optional(.flag), "Bucket in the path, not in the host name; true with an endpoint.")
    let caFile = Key(
        "ca_file", .optional(.path), "PEM file of the authority that signed the endpoint; the system's own.")
    let sourcePrefix = Key(
        "source_prefix", .optional(.objectPrefix), "Share sources at <prefix>/<uploadId> with workers elsewhere.")
    let directory = Key("directory", .path, default: "work/objects", "Where objects lie when there are no keys.")
}

struct AppKeys: SectionKeys {
    static let section = "App"
    let apiKey = Key("api_key", .optional(.serviceKey), "Key of callers, plain or sha256:<hex>; made at first start.")
    let nextAPIKey = Key("api_key_next", .optional(.serviceKey), "A second key that works as well, to change keys.")
    let host = Key("host", .host, default: "127.0.0.1", "Address to listen on; 0.0.0.0 for all of IPv4.")
    let port = Key("port", .whole(0...65535), default: "8081", "TCP port to listen on; 0 takes a free one.")
    let allowsUnkeyedDatasetRequests = Key(
        "allow_unkeyed_dataset_requests", .flag, default: "false", "Lets createDataSet in without a key.")
    let metricsNeedKey = Key("metrics_need_key", .flag, default: "false", "Asks for a key at /metrics, too.")
    let corsOrigins = Key("cors_origins", .list(of: .origin), "Origins of browser pages that may call, with commas.")
    let inferenceServers = Key(
        "inference_servers", .list(of: .url), "URLs that versions registered at run time may use, with commas.")
    let eventStreams = Key(
        "event_streams", .whole(1...100_000), default: "200", "Event streams open at once; more get a 503.")
    let queueLimit = Key("queue_limit", .whole(1...1_000_000), default: "1000", "Jobs that may wait; more get a 429.")
}

struct ContentKeys: SectionKeys {
    static let section = "Content"
    let allowedExtensions = Key(
        "allowed_extensions", .list(of: .fileExtension),
        default: "mp4,avi,mov,mkv,webm,m4v,ts,mpg,mpeg,wmv,flv,3gp,zip", "File name extensions that are taken.")
    let framesPerTask = Key("frames_per_task", .whole(1...10_000), default: "120", "Frames of a clip, at most.")
    let maximumHours = Key("max_duration_hours", .number(0.01...10_000), default: "24", "Longest video, in hours.")
    let maximumPixels = Key(
        "max_pixels", .whole(256...1_073_741_824), default: "33177600", "Largest picture, width x height (8K).")
    let maximumGigabytes = Key(
        "max_file_size_gb", .number(0.001...1_000_000), default: "100", "Largest file, in gigabytes of 10^9 bytes.")
    let discardsHumanWork = Key(
        "force_write_discards_human_work", .flag, default: "false", "Lets force_write=1 delete what people drew.")
}

struct EncodingKeys: SectionKeys {
    static let section = "Encoding"
    let preset = Key<EncodingSection.Preset>(
        "preset", .choice(), default: "veryfast", "Speed of x264: ultrafast … placebo; slower makes smaller clips.")
    let crf = Key("crf", .number(0...51), default: "23", "Quality of the clips, 0 … 51; lower is better and larger.")
    let gopSeconds = Key("gop_seconds", .number(0.1...10), default: "1", "Seconds between keyframes, at most.")
    let deinterlace = Key(
        "deinterlace", .flag, default: "off", "Makes interlaced video progressive: on or off, which keeps the fields.")
    let jpegQuality = Key("jpeg_quality", .whole(1...100), default: "92", "Quality of dataset images, 1 … 100.")
}

struct FolderKeys: SectionKeys {
    static let section = "Folders"
    let root = Key("root", .optional(.path), "Where relative paths start; the working directory when not set.")
    let contentBase = Key("content_base", .path, default: "contents", "Uploads; content_path must lie in it.")
    let work = Key("work", .path, default: "work", "Scratch files, and the api_key that the first start makes.")
    let models = Key("models", .path, default: "models", "Model files of auto annotation.")
    let openVINO = Key(
        "openvino", .path, default: "work/tools/openvino", "Where the wheel openvino is unpacked; for the engine onnx.")
}

struct AutoAnnotationKeys: SectionKeys {
    static let section = "AutoAnnotation"
    static let isNumbered = true
    let engine = Key<AutoAnnotationSettings.Engine>(
        "engine", .choice(), default: "motion", "motion (needs no model), onnx or remote (KServe v2).")
    let model = Key("model", .optional(.text), "onnx: file in models or object key; remote: the model's name.")
    let urls = Key("url", .list(of: .url), "remote: URLs of the inference servers, with commas.")
    let sha256 = Key("sha256", .optional(.sha256), "onnx: digest that the model file must have.")
    let labels = Key("labels", .list(of: .label), "label or model label=project label, with commas; all of them.")
    let confidence = Key("confidence", .number(0...1), default: "0.25", "Least confidence of a box, 0 … 1.")
    let iou = Key("iou", .number(0...1), default: "0.45", "Overlap above which the weaker box of a class goes, 0 … 1.")
    let track = Key("track", .flag, default: "false", "Gives boxes of one object the same trackId through a clip.")
    let inputSize = Key(
        "input_size", .optional(.whole(32...4096)), "Side of the model's input in pixels; for models that take any.")
    let note = Key("note", .optional(.text), "What to remember of the version.")
}

struct AugmentationKeys: SectionKeys {
    static let section = "Augmentation"
    let share = Key("share", .number(0...1), default: "0.1", "Share of a task's frames to augment; at least one frame.")
    let minimumVisible = Key(
        "min_visible", .number(0...1), default: "0.25", "Share of a box that must stay in the picture to be kept.")
    let typesByIdentifier = Key(
        "aug_map", .pairs(.augmentationType), "Further identifiers as id=type, with commas, on top of the built-in.")
    let divisorsByIdentifier = Key(
        "range_map", .pairs(.divisor), "What the values of an identifier are divided by: id=divisor, with commas.")
    let disabled = Key("disabled", .list(of: .text), "Identifiers that are skipped, with commas.")
    let splits = Key<[AugmentationSettings.Split]>(
        "splits", .list(of: .choice()), default: "train", "Splits to augment, with commas: train, val, test.")
}

struct CoreKeys: SectionKeys {
    static let section = "Cores"
    let cpuCores = Key("cpu_cores", .optional(.whole(1...1024), absent: "all"), default: "all", "CPU cores to use.")
}

struct WorkerKeys: SectionKeys {
    static let section = "Worker"
    let leaseSeconds = Key(
        "lease_seconds", .whole(5...3600), default: "30", "Seconds until a silent worker's clip goes to another.")
    let memoryLimitMB = Key(
        "memory_limit_mb", .whole(128...1_048_576), default: "2048", "Memory of a worker process, in MiB.")
    let attempts = Key("attempts", .whole(1...100), default: "3", "Crashes of a clip before its job is given up.")
    let niceness = Key("nice", .whole(0...19), default: "10", "How far workers stand back for other programs, 0 … 19.")
}

struct LogKeys: SectionKeys {
    static let section = "Log"
    let format = Key<LogSettings.Format>(
        "format", .choice(), default: "text", "text for people or json for collectors; one line for an event.")
    let level = Key<LogSettings.Level>(
        "level", .choice(), default: "info", "Least level shown: debug (with every GET), info, notice, warning, error.")
}

struct RetentionKeys: SectionKeys {
    static let section = "Retention"
    let sourceVideoDays = Key(
        "source_video_days", .days, default: "keep", "Days until the source video of a finished job is removed.")
    let workFileDays = Key("work_file_days", .days, default: "keep", "Days until left work files are removed.")
    let finishedJobDays = Key("finished_job_days", .days, default: "keep", "Days until a finished job is forgotten.")
}
