// swift-tools-version: 6.2
import PackageDescription

// In CI a warning is an error, target by target, so that the dependencies are left alone.
let strict = Context.environment["CI"] == "true"

let swiftSettings: [SwiftSetting] =
    [
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("ExistentialAny"),
    ] + (strict ? [.treatAllWarnings(as: .error)] : [])

let cSettings: [CSetting] = strict ? [.treatAllWarnings(as: .error)] : []

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")

// What report pages are made of becomes part of the program.
let pageParts =
    ["bar", "groups", "head", "provenance", "reconciliation", "rows", "run"].map { "\($0).mustache" }
    + ["page.css", "page.js"]

let package = Package(
    name: "ipek",
    products: [
        .executable(name: "ipek", targets: ["ipek"]),
        .library(name: "PaymentCrypto", targets: ["PaymentCrypto"]),
        .library(name: "TokenEngine", targets: ["TokenEngine"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLibCSV", providers: [.apt(["libcsv-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CPKCS11", providers: [.apt(["libp11-kit-dev"])]),
        .target(name: "CBitslicedDES", cSettings: cSettings),
        .target(
            name: "PaymentCrypto", dependencies: ["COpenSSL", "CBitslicedDES", asn1], swiftSettings: swiftSettings),
        .target(name: "Facility", dependencies: ["PaymentCrypto", grdb], swiftSettings: swiftSettings),
        .target(
            name: "Provisioning", dependencies: ["Facility", "PaymentCrypto", "CLibCSV", "CLinux", mustache],
            resources: pageParts.map { .embedInCode("Report/Templates/\($0)") }, swiftSettings: swiftSettings),
        .target(name: "TokenEngine", dependencies: ["PaymentCrypto", "CPKCS11"], swiftSettings: swiftSettings),
        .executableTarget(
            name: "ipek",
            dependencies: ["Provisioning", "Facility", "TokenEngine", "PaymentCrypto", "CLinux", argumentParser],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "PaymentCryptoTests", dependencies: ["PaymentCrypto"], swiftSettings: swiftSettings),
        .testTarget(
            name: "FacilityTests", dependencies: ["Facility", "PaymentCrypto", grdb], swiftSettings: swiftSettings),
        .testTarget(
            name: "ProvisioningTests", dependencies: ["Provisioning", "Facility", "PaymentCrypto"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "TokenEngineTests", dependencies: ["TokenEngine", "PaymentCrypto", "CPKCS11"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "CommandTests", dependencies: ["Facility", "PaymentCrypto"], exclude: ["Transcripts"],
            swiftSettings: swiftSettings),
        .testTarget(name: "ArchitectureTests", swiftSettings: swiftSettings),
    ],
    swiftLanguageModes: [.v6]
)
