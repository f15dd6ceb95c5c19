// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors where changes are judged; a user's newer compiler may warn in peace.
let strict = Context.environment["CI"] != nil || Context.environment["MURMUR_STRICT"] != nil

let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (strict ? [.treatAllWarnings(as: .error)] : [])

let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

/// A room of the house: what it may import is exactly what is listed here.
func room(_ name: String, _ imports: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: imports, swiftSettings: settings)
}

/// The tests of a room.
func tests(
    _ name: String, _ imports: [Target.Dependency], resources: [Resource] = [], exclude: [String] = []
) -> Target {
    .testTarget(
        name: name, dependencies: imports, exclude: exclude, resources: resources,
        swiftSettings: settings)
}

let package = Package(
    name: "murmuration",
    products: [.executable(name: "murmur", targets: ["murmur"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // The worlds outside: one C library, one target.
        .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp")]),
        .target(name: "CKernels", linkerSettings: [.linkedLibrary("gomp"), .linkedLibrary("m")]),
        .target(name: "CMPI", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "CAssets", exclude: ["report.css", "report.js"]),
        .systemLibrary(name: "CDeflate", path: "Sources/CDeflate"),
        .systemLibrary(name: "CLAPACK", path: "Sources/CLAPACK"),

        // Mathematics: numbers, algorithms, networks.
        room("Configuration"),
        room("Randomness"),
        room("Vectors", ["Configuration"]),
        room("Gossip", ["Configuration", "Randomness"]),
        room("Conditions", ["Gossip", "Configuration", "Randomness"]),
        room("Spectra", ["Gossip", "Randomness", "CLAPACK"]),
        room("Models", ["Configuration", "Vectors", "Randomness"]),
        room("Compute", ["Models", "Vectors", "Randomness", "COneDNN", "CKernels"]),
        room("Optimizers", ["Configuration", "Vectors"]),
        room("Datasets", ["Configuration", "Randomness", "CDeflate"]),
        room("Safetensors"),

        // The seam: one interpreter, many surroundings.
        room("Runtime", ["Configuration", "Gossip", "Vectors"]),
        room("Wire", ["Runtime", "Gossip", "Vectors", "Randomness", "CDeflate", "Configuration"]),
        room("Simulator", ["Runtime", "Wire", "Conditions", "Configuration", "Gossip", "Vectors", "Randomness", heap]),
        room(
            "InProcessTransport",
            ["Configuration", "Runtime", "Wire", "Conditions", "Gossip", "Vectors", "Randomness", deque, heap]),
        room("MPITransport", ["Configuration", "Runtime", "Gossip", "Vectors", "Wire", "CMPI", deque]),
        room("Transports", ["Configuration", "Runtime", "InProcessTransport", "MPITransport"]),
        room("TransportTrials", ["Configuration", "Runtime", "InProcessTransport", "Gossip", "Vectors", "Randomness"]),
        .executableTarget(
            name: "transport-conformance",
            dependencies: ["TransportTrials", "MPITransport", "Runtime", "Gossip", "Vectors", "Randomness"],
            swiftSettings: settings),

        // The product.
        room(
            "Training",
            [
                "Configuration", "Runtime", "Gossip", "Vectors", "Randomness", "Models", "Compute", "Optimizers",
                "Datasets", "Conditions", "Safetensors", "InProcessTransport", "Transports", "CDeflate", yams,
            ]),
        room(
            "SimulatedTraining",
            [
                "Training", "Simulator", "Conditions", "Configuration", "Datasets", "Runtime", "Gossip", "Vectors",
                "Randomness",
            ]),
        room("Reports", ["Training", "CAssets", yams]),
        .executableTarget(
            name: "fuzz-readers",
            dependencies: [
                "Training", "Reports", "Configuration", "Datasets", "Safetensors", "Randomness", "CDeflate",
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "murmur",
            dependencies: [
                "Training", "SimulatedTraining", "Simulator", "Reports", "Configuration", "Gossip", "Spectra", "Models",
                "Datasets", "Optimizers", "Compute", "Vectors", "Randomness", "Safetensors", "Transports",
                "InProcessTransport", "TransportTrials", "Runtime", argumentParser,
            ],
            swiftSettings: settings),

        // What tests share.
        .target(
            name: "TestKit", dependencies: ["Runtime", "Gossip", "Vectors", "Randomness"], path: "Tests/TestKit",
            swiftSettings: settings),

        tests("MurmurTests", ["TestKit", "murmur", "Training", "Configuration", "Gossip", "Randomness"]),
        tests(
            "TrainingTests",
            [
                "TestKit", "Training", "Conditions", "Configuration", "Datasets", "Gossip", "Models", "Optimizers",
                "Randomness", "Runtime", "Vectors", "Safetensors",
            ]),
        tests(
            "SimulatedTrainingTests",
            ["SimulatedTraining", "Simulator", "Training", "Conditions", "Configuration", "Datasets", "Gossip"]),
        tests("ReportsTests", ["TestKit", "Reports", "Training"]),
        tests("RandomnessTests", ["Randomness"]),
        tests("ConfigurationTests", ["Configuration"]),
        tests("VectorsTests", ["Vectors", "Randomness"]),
        tests("DatasetsTests", ["TestKit", "Datasets", "Configuration", "Randomness"]),
        tests("GossipTests", ["Gossip", "Configuration", "Randomness"]),
        tests("ConditionsTests", ["Conditions", "Gossip", "Configuration", "Randomness"]),
        tests("SpectraTests", ["Spectra", "Gossip", "Configuration"]),
        tests("RuntimeTests", ["TestKit", "Runtime", "Gossip", "Configuration", "Vectors", "Randomness"]),
        tests("WireTests", ["Wire", "Runtime", "Gossip", "Vectors", "Randomness"]),
        tests(
            "SimulatorTests",
            ["TestKit", "Simulator", "Conditions", "Configuration", "Runtime", "Gossip", "Vectors", "Randomness"]),
        tests(
            "InProcessTransportTests",
            ["InProcessTransport", "Conditions", "Configuration", "Runtime", "Gossip", "Vectors"]),
        tests(
            "TransportConformanceTests",
            [
                "TestKit", "TransportTrials", "transport-conformance", "MPITransport", "Simulator", "Conditions",
                "InProcessTransport", "Runtime", "Gossip", "Vectors", "Randomness",
            ]),
        tests("TransportTrialsTests", ["TestKit", "TransportTrials", "InProcessTransport", "Runtime", "Gossip"]),
        tests("TransportsTests", ["Transports", "Configuration", "Runtime"]),
        tests("MPITransportTests", ["MPITransport", "Configuration", "Runtime", "Gossip", "Vectors", "Wire", "CMPI"]),
        tests(
            "AlgorithmConformanceTests",
            [
                "TestKit", "Simulator", "SimulatedTraining", "Conditions", "Runtime", "Gossip", "Spectra",
                "Configuration", "Vectors", "Randomness", "Training", "Datasets",
            ]),
        tests("BatteryTests", ["SimulatedTraining", "Gossip", "Configuration"]),
        tests("ModelsTests", ["Models", "Configuration", "Randomness", "Vectors"]),
        tests("SafetensorsTests", ["Safetensors"], exclude: ["Fixtures"]),
        tests(
            "ComputeTests",
            [
                "Compute", "Models", "Vectors", "Randomness", "CKernels", "COneDNN", "Safetensors", "Training",
                "Configuration",
            ],
            exclude: ["Fixtures"]),
        tests("OptimizersTests", ["Optimizers", "Configuration", "Randomness", "Vectors"]),
        tests("TidyTests", []),
    ],
    swiftLanguageModes: [.v6]
)
