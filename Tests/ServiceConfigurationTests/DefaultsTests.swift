import Testing

@testable import ServiceConfiguration

@Suite struct DefaultsTests {
    @Test func everyDefaultIsAllowedByItsOwnKey() {
        for keys in KeyTable.sections {
            for key in keys.all {
                #expect(key.allows(key.standard), "[\(type(of: keys).section)] \(key.name)")
            }
        }
    }

    @Test func theContractsKeysAreInTheTable() {
        let table = KeyTable.sections.map { (type(of: $0).section, $0.all.map(\.name)) }
        let expected = [
            ("MongoDB", "uri user_name password server_ip port auth_source db_name tls_ca_file"),
            (
                "S3",
                "endpoint region access_key_id secret_access_key bucket_name path_style ca_file source_prefix directory"
            ),
            (
                "App",
                """
                api_key api_key_next host port allow_unkeyed_dataset_requests metrics_need_key cors_origins \
                inference_servers event_streams queue_limit
                """
            ),
            (
                "Content",
                "allowed_extensions frames_per_task max_duration_hours max_pixels max_file_size_gb force_write_discards_human_work"
            ),
            ("Encoding", "preset crf gop_seconds deinterlace jpeg_quality"),
            ("Folders", "root content_base work models openvino"),
            ("AutoAnnotation", "engine model url sha256 labels confidence iou track input_size note"),
            ("Augmentation", "share min_visible aug_map range_map disabled splits"),
            ("Cores", "cpu_cores"),
            ("Worker", "lease_seconds memory_limit_mb attempts nice"),
            ("Log", "format level"),
            ("Retention", "source_video_days work_file_days finished_job_days"),
        ]
        #expect(table.map(\.0) == expected.map(\.0))
        #expect(table.map { $0.1.joined(separator: " ") } == expected.map(\.1))
    }

    @Test func withoutFileAndEnvironmentTheContractsDefaultsApply() throws {
        let settings = try settings()
        #expect(settings.mongoDB.connectionString.reveal() == "mongodb://127.0.0.1:27017/annotation")
        #expect(settings.storage == .directory("/srv/annotation/work/objects"))
        #expect(settings.app.keys.isEmpty)
        #expect(settings.app.host == "127.0.0.1")
        #expect(settings.app.port == 8081)
        #expect(!settings.app.allowsUnkeyedDatasetRequests)
        #expect(settings.app.corsOrigins.isEmpty)
        #expect(settings.app.eventStreams == 200)
        #expect(settings.app.queueLimit == 1000)
        #expect(settings.content.framesPerTask == 120)
        #expect(
            settings.content.allowedExtensions
                == ["mp4", "avi", "mov", "mkv", "webm", "m4v", "ts", "mpg", "mpeg", "wmv", "flv", "3gp", "zip"])
        #expect(!settings.content.forceWriteDiscardsHumanWork)
        #expect(settings.encoding.gopSeconds == 1)
        #expect(!settings.encoding.deinterlaces)
        #expect(settings.encoding.jpegQuality == 92)
        #expect(settings.folders.contentBase == "/srv/annotation/contents")
        #expect(settings.folders.models == "/srv/annotation/models")
        #expect(settings.augmentation.share == 0.1)
        #expect(settings.augmentation.minimumVisible == 0.25)
        #expect(settings.cores.cpuCoreCount == nil)
        #expect(settings.worker.lease == .seconds(30))
        #expect(settings.worker.attempts == 3)
        #expect(settings.retention.sourceVideos == nil)
        #expect(settings.notices.isEmpty)
    }

    @Test func versionOneNeedsNoSettings() throws {
        let versions = try settings().autoAnnotation
        #expect(versions.keys.sorted() == [1])
        #expect(versions[1]?.engine == .motion)
    }
}
