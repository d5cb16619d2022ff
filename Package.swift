// swift-tools-version: 6.2
import PackageDescription

let common: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]
/// Targets that call C also have every unsafe expression marked and checked.
let wrapsC: [SwiftSetting] = common + [.strictMemorySafety()]

let package = Package(
    name: "content-processor",
    products: [
        .executable(name: "content-processor", targets: ["ContentProcessor"]),
        .executable(name: "dataset_processor", targets: ["DatasetProcessor"]),
        .executable(name: "framekit-bench", targets: ["FrameKitBench"]),
        .library(name: "FrameKit", targets: ["FrameKit"]),
        .library(name: "BSON", targets: ["BSON"]),
        .library(name: "MongoDriver", targets: ["MongoDriver"]),
        .library(name: "ObjectStore", targets: ["ObjectStore"]),
    ],
    dependencies: [
        // Without its default traits: no Configuration or full Foundation support, which nothing here uses.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // What tests of several modules use: a real mongod, folders, videos of numbered frames.
        .target(
            name: "TestSupport", dependencies: ["MongoDriver", "MongoStore"], path: "Tests/TestSupport",
            swiftSettings: common),

        // Documents as bytes; of any product, so it knows nothing of this one.
        .target(name: "BSON", swiftSettings: wrapsC),
        .testTarget(name: "BSONTests", dependencies: ["BSON"], swiftSettings: common),

        // Tier 0: the product's values and rules.
        .target(name: "Domain", dependencies: ["BSON"], swiftSettings: common),
        .testTarget(name: "DomainTests", dependencies: ["Domain"], swiftSettings: common),
        .target(name: "LabelFormats", dependencies: ["Domain"], swiftSettings: common),
        .testTarget(name: "LabelFormatsTests", dependencies: ["LabelFormats", "Domain"], swiftSettings: common),
        .target(name: "Tracking", dependencies: ["Domain"], swiftSettings: common),
        .testTarget(name: "TrackingTests", dependencies: ["Tracking", "Domain"], swiftSettings: common),

        // Blocking calls beside Swift's own threads; of any product, so it knows nothing of this one.
        .target(
            name: "Blocking",
            dependencies: [
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
            ],
            swiftSettings: wrapsC),
        .testTarget(
            name: "BlockingTests",
            dependencies: ["Blocking", .product(name: "NIOConcurrencyHelpers", package: "swift-nio")],
            swiftSettings: common),

        // Tier 1: one module for each outside system, the only one to import its C library.
        .systemLibrary(
            name: "CFFmpeg", pkgConfig: "libavformat",
            providers: [
                .apt(["libavformat-dev", "libavcodec-dev", "libavfilter-dev", "libavutil-dev", "libswscale-dev"])
            ]),
        .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
        .target(
            name: "FrameKit", dependencies: ["Domain", "Blocking", "CFFmpeg", "CTurboJPEG"], swiftSettings: wrapsC),
        .testTarget(
            name: "FrameKitTests", dependencies: ["FrameKit", "Domain", "CFFmpeg", "TestSupport"], swiftSettings: common
        ),
        // What scripts/bench measures beside the program: decoding alone.
        .executableTarget(
            name: "FrameKitBench",
            dependencies: [
                "Domain", "FrameKit", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: common),

        .systemLibrary(name: "CMongo", pkgConfig: "libmongoc-1.0", providers: [.apt(["libmongoc-dev"])]),
        .target(
            name: "MongoDriver",
            dependencies: [
                "BSON", "Blocking", "CMongo", .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: wrapsC),
        .testTarget(
            name: "MongoDriverTests", dependencies: ["MongoDriver", "BSON", "Blocking", "Domain", "TestSupport"],
            swiftSettings: common),
        .target(name: "MongoStore", dependencies: ["Domain", "MongoDriver"], swiftSettings: common),
        .testTarget(
            name: "MongoStoreTests",
            dependencies: [
                "MongoStore", "Domain", "MongoDriver", "TestSupport",
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
            ],
            swiftSettings: common),

        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CXattr"),
        .target(
            name: "ObjectStore",
            dependencies: [
                "Blocking", "CCurl", "CXattr", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: wrapsC),
        .testTarget(
            name: "ObjectStoreTests",
            dependencies: ["ObjectStore", "Blocking", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: common),

        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .target(name: "Archives", dependencies: ["CArchive"], swiftSettings: wrapsC),
        .testTarget(name: "ArchivesTests", dependencies: ["Archives"], swiftSettings: common),

        .systemLibrary(name: "CExif", pkgConfig: "libexif", providers: [.apt(["libexif-dev"])]),
        .target(name: "PhotoMetadata", dependencies: ["Domain", "CExif"], swiftSettings: wrapsC),
        .testTarget(name: "PhotoMetadataTests", dependencies: ["PhotoMetadata", "Domain"], swiftSettings: common),

        .systemLibrary(name: "CXLSXWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
        .target(name: "Spreadsheets", dependencies: ["Domain", "CXLSXWriter"], swiftSettings: wrapsC),
        .testTarget(name: "SpreadsheetsTests", dependencies: ["Spreadsheets", "Domain"], swiftSettings: common),

        // Only the structs of OpenVINO's C API: the library itself is loaded when it is wanted.
        .systemLibrary(name: "COpenVINO"),
        .target(
            name: "AutoAnnotation", dependencies: ["Domain", "Blocking", "COpenVINO", "Tracking"], swiftSettings: wrapsC
        ),
        .testTarget(
            name: "AutoAnnotationTests", dependencies: ["AutoAnnotation", "Domain", "ObjectStore"],
            swiftSettings: common),

        // Tier 2: what a job does, and the worker that does it.
        .target(
            name: "Failures",
            dependencies: ["Domain", "Archives", "AutoAnnotation", "FrameKit", "MongoStore", "ObjectStore"],
            swiftSettings: common),
        .testTarget(
            name: "FailuresTests",
            dependencies: [
                "Failures", "Domain", "Archives", "AutoAnnotation", "FrameKit", "MongoStore", "ObjectStore",
            ],
            swiftSettings: common),
        .target(
            name: "JobWorker",
            dependencies: [
                "Domain", "EventLog", "Failures", "FrameKit", "MongoStore",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: wrapsC),
        .testTarget(
            name: "JobWorkerTests",
            dependencies: [
                "JobWorker", "Domain", "EventLog", "Failures", "FrameKit", "MongoStore", "TestSupport",
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ], swiftSettings: common),
        .target(
            name: "ContentPipeline",
            dependencies: [
                "Domain", "Archives", "AutoAnnotation", "Blocking", "FrameKit", "MongoStore", "ObjectStore",
                .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: wrapsC),
        .testTarget(
            name: "ContentPipelineTests",
            dependencies: [
                "ContentPipeline", "Archives", "AutoAnnotation", "BSON", "Domain", "Failures", "FrameKit", "JobWorker",
                "MongoDriver", "MongoStore", "ObjectStore", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
            ], swiftSettings: common),

        .target(
            name: "BatchDetection",
            dependencies: [
                "Domain", "Archives", "AutoAnnotation", "Blocking", "ContentPipeline", "FrameKit", "ObjectStore",
                "PhotoMetadata", "Spreadsheets", .product(name: "SystemPackage", package: "swift-system"),
            ], swiftSettings: wrapsC),
        .testTarget(
            name: "BatchDetectionTests",
            dependencies: [
                "BatchDetection", "Archives", "AutoAnnotation", "Domain", "FrameKit", "PhotoMetadata", "Spreadsheets",
                "TestSupport",
            ], swiftSettings: common),

        .target(
            name: "DatasetBuilder",
            dependencies: [
                "Domain", "Archives", "Blocking", "Failures", "FrameKit", "LabelFormats", "MongoStore", "ObjectStore",
                .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: wrapsC),
        .testTarget(
            name: "DatasetBuilderTests",
            dependencies: [
                "DatasetBuilder", "Archives", "BSON", "ContentPipeline", "Domain", "Failures", "FrameKit", "JobWorker",
                "LabelFormats", "MongoDriver", "MongoStore", "ObjectStore", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: common),

        // Tier 3: the programs, and what they read from people and requests.
        // What a program needs before it does anything: its configuration, its stores, its end.
        .target(
            name: "Bootstrap",
            dependencies: [
                "Domain", "Blocking", "DatasetBuilder", "MongoDriver", "MongoStore", "ObjectStore",
                "ServiceConfiguration",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], swiftSettings: wrapsC),
        .testTarget(
            name: "BootstrapTests", dependencies: ["Bootstrap", "ServiceConfiguration"], swiftSettings: common),
        .target(name: "ServiceConfiguration", swiftSettings: wrapsC),
        .testTarget(
            name: "ServiceConfigurationTests", dependencies: ["ServiceConfiguration"], swiftSettings: common),
        .target(
            name: "EventLog", dependencies: [.product(name: "Logging", package: "swift-log")], swiftSettings: wrapsC),
        .testTarget(name: "EventLogTests", dependencies: ["EventLog"], swiftSettings: common),
        .target(
            name: "ServiceMetrics", dependencies: [.product(name: "CoreMetrics", package: "swift-metrics")],
            swiftSettings: wrapsC),
        .testTarget(
            name: "ServiceMetricsTests",
            dependencies: ["ServiceMetrics", .product(name: "CoreMetrics", package: "swift-metrics")],
            swiftSettings: common),
        .target(name: "RequestForm", swiftSettings: common),
        .testTarget(name: "RequestFormTests", dependencies: ["RequestForm"], swiftSettings: common),
        .executableTarget(
            name: "DatasetProcessor",
            dependencies: [
                "Domain", "Bootstrap", "DatasetBuilder", "Failures", "FrameKit", "JobWorker", "MongoStore",
                "ServiceConfiguration",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: common),
        .executableTarget(
            name: "ContentProcessor",
            dependencies: [
                "Domain", "AutoAnnotation", "BatchDetection", "BSON", "Bootstrap", "ContentPipeline",
                "DatasetBuilder", "EventLog", "Failures", "FrameKit", "JobWorker", "MongoStore", "ObjectStore",
                "RequestForm",
                "ServiceConfiguration", "ServiceMetrics",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "_NIOFileSystem", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], swiftSettings: wrapsC),
        .testTarget(
            name: "ContentProcessorTests",
            dependencies: [
                "ContentProcessor", "BatchDetection", "BSON", "Domain", "Archives", "AutoAnnotation", "ContentPipeline",
                "DatasetBuilder", "Failures", "FrameKit", "JobWorker", "MongoDriver", "MongoStore", "ObjectStore",
                "RequestForm", "ServiceConfiguration",
                "ServiceMetrics", "TestSupport",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ], swiftSettings: common),
    ]
)

// A sanitizer's build takes only what it checks: `ONLY_TESTS` names test targets, and all that they do not need goes.
if let names = Context.environment["ONLY_TESTS"]?.split(separator: ",").map(String.init) {
    var needed = Set(names)
    var open = names
    while let name = open.popLast(), let target = package.targets.first(where: { $0.name == name }) {
        for dependency in target.dependencies {
            if case .byNameItem(let name, _) = dependency, needed.insert(name).inserted { open.append(name) }
        }
    }
    package.targets.removeAll { !needed.contains($0.name) }
    package.products = []
}
