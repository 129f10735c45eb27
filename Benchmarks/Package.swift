// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [
        // Named, since its identity would otherwise be the clone's folder.
        .package(name: "ipek", path: "..")
    ],
    targets: [
        .systemLibrary(name: "CBenchmarkEVP", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .executableTarget(
            name: "ColumnBenchmark",
            dependencies: ["CBenchmarkEVP", .product(name: "PaymentCrypto", package: "ipek")]),
        .executableTarget(
            name: "TransportBenchmark", dependencies: [.product(name: "PaymentCrypto", package: "ipek")]),
        .executableTarget(
            name: "TokenBenchmark",
            dependencies: [
                .product(name: "PaymentCrypto", package: "ipek"), .product(name: "TokenEngine", package: "ipek"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
