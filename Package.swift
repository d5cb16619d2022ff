// swift-tools-version: 6.2
import PackageDescription

let common: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]
/// Targets that call C also have every unsafe expression marked and checked.
let wrapsC: [SwiftSetting] = common + [.strictMemorySafety()]

let package = Package(
    name: "content-processor",
    products: [
        .executable(name: "content-processor", targets: ["ContentProcessor"])
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // Tier 0: the product's values and rules.
        .target(name: "Annotation", swiftSettings: common),
        .testTarget(name: "AnnotationTests", dependencies: ["Annotation"], swiftSettings: common),

        // Tier 1: one module for each outside system, the only one to import its C library.
        .systemLibrary(
            name: "CFFmpeg", pkgConfig: "libavformat",
            providers: [
                .apt(["libavformat-dev", "libavcodec-dev", "libavfilter-dev", "libavutil-dev", "libswscale-dev"])
            ]),
        .target(name: "FrameKit", dependencies: ["Annotation", "CFFmpeg"], swiftSettings: wrapsC),
        .testTarget(name: "FrameKitTests", dependencies: ["FrameKit", "Annotation"], swiftSettings: common),

        .systemLibrary(name: "CMongo", pkgConfig: "libmongoc-1.0", providers: [.apt(["libmongoc-dev"])]),
        .target(name: "MongoStore", dependencies: ["Annotation", "CMongo"], swiftSettings: wrapsC),
        .testTarget(name: "MongoStoreTests", dependencies: ["MongoStore", "Annotation"], swiftSettings: common),

        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(
            name: "ObjectStore",
            dependencies: ["Annotation", "CCurl", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: wrapsC),
        .testTarget(name: "ObjectStoreTests", dependencies: ["ObjectStore", "Annotation"], swiftSettings: common),
    ]
)
