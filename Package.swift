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

/// A module: what it may import is exactly what is listed here.
func module(_ name: String, _ imports: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: imports, swiftSettings: settings)
}

/// The tests of a module. Those that only call what they test need not be optimized, and take a third less time to
/// compile.
func tests(
    _ name: String, _ imports: [Target.Dependency], resources: [Resource] = [], exclude: [String] = [],
    isOptimized: Bool = true
) -> Target {
    let plain: [SwiftSetting] = [.unsafeFlags(["-Onone"], .when(configuration: .release))]
    return .testTarget(
        name: name, dependencies: imports, exclude: exclude, resources: resources,
        swiftSettings: settings + (isOptimized ? [] : plain))
}

let package = Package(
    name: "murmuration",
    products: [
        .executable(name: "murmur", targets: ["murmur"]),
        .library(name: "murmur_bridge", type: .dynamic, targets: ["Bridge"]),
    ],
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
        .target(name: "CImages", linkerSettings: [.linkedLibrary("dl"), .linkedLibrary("m")]),
        .target(name: "CFuzzer"),
        .target(
            name: "CAssets",
            exclude: ["report.css", "report.js", "dashboard.html", "dashboard.css", "dashboard.js"]),
        .target(name: "CSockets"),
        .target(name: "CMurmur"),
        .systemLibrary(name: "CDeflate", path: "Sources/CDeflate"),
        .systemLibrary(name: "CLAPACK", path: "Sources/CLAPACK"),
        .systemLibrary(name: "COpenSSL", path: "Sources/COpenSSL"),

        // Mathematics: numbers, algorithms, networks.
        module("Configuration"),
        module("Randomness"),
        module("Threads"),
        module("Vectors", ["Configuration"]),
        module("Compression", ["CKernels", "Configuration", "Randomness", "Vectors"]),
        module("Graphs", ["Configuration", "Randomness"]),
        module("Gossip", ["Configuration", "Graphs", "Randomness"]),
        module("Conditions", ["Configuration", "Gossip", "Graphs", "Randomness"]),
        module("Spectra", ["CLAPACK", "Gossip", "Graphs", "Randomness"]),
        module("Models", ["Configuration", "Randomness", "Vectors"]),
        module("Compute", ["CKernels", "COneDNN", "Models", "Randomness", "Vectors"]),
        module("Optimizers", ["CKernels", "Configuration", "Vectors"]),
        module("Datasets", ["CDeflate", "CImages", "Configuration", "Randomness", "Threads"]),
        module("Safetensors", ["Configuration"]),

        // The seam: one interpreter, many environments.
        module("Runtime", ["Compression", "Configuration", "Gossip", "Graphs", "Randomness", "Vectors"]),
        module("Wire", ["CDeflate", "Configuration", "Gossip", "Graphs", "Randomness", "Runtime", "Vectors"]),
        module(
            "Simulator",
            [
                "CKernels", "Conditions", "Configuration", "Gossip", "Graphs", heap, "Randomness", "Runtime",
                "Threads", "Vectors", "Wire",
            ]),
        module(
            "InProcessTransport",
            ["Conditions", "Configuration", deque, "Gossip", "Graphs", heap, "Randomness", "Runtime", "Wire"]),
        module("MPITransport", ["CMPI", "Configuration", deque, "Runtime", "Threads", "Vectors", "Wire"]),
        module(
            "ProcessesTransport",
            ["CSockets", "Configuration", deque, "Runtime", "Threads", "Vectors", "Wire"]),
        module(
            "OpenTransport",
            [
                "COpenSSL", "CSockets", "Configuration", "Gossip", "Graphs", "Membership", "Runtime", "Threads",
                "Vectors", "Wire",
            ]),
        module(
            "Transports",
            [
                "Configuration", "InProcessTransport", "MPITransport", "OpenTransport", "ProcessesTransport", "Runtime",
            ]),
        .target(
            name: "Bridge",
            dependencies: [
                "CMurmur", "Compression", "Conditions", "Configuration", "Gossip", "Graphs", "InProcessTransport",
                "Randomness", "Runtime", "Simulator", "Threads", "Transports", "Vectors",
            ],
            exclude: ["exports.map"], swiftSettings: settings),
        module(
            "TransportTrials",
            ["Configuration", "Gossip", "Graphs", "InProcessTransport", "Randomness", "Runtime", "Vectors"]),
        .executableTarget(
            name: "transport-conformance",
            dependencies: [
                "Gossip", "Graphs", "MPITransport", "ProcessesTransport", "Randomness", "Runtime", "TransportTrials",
                "Vectors",
            ],
            swiftSettings: settings),

        // The open network: who is there.
        module("Membership", ["Randomness"]),
        module("MembershipTrials", [heap, "Membership", "Randomness"]),

        // The product.
        module(
            "Experiments",
            [
                "Models", "Randomness",
                "Compression", "Conditions", "Configuration", "Datasets", "Gossip", "Graphs", "Optimizers", "Runtime",
                "Transports",
                yams,
            ]),
        module("Records", ["Configuration", "Experiments", "Safetensors"]),
        module(
            "Checkpoints",
            ["CDeflate", "Configuration", "Gossip", "Graphs", "Records", "Runtime", "Safetensors", "Vectors"]),
        module(
            "Workloads",
            [
                "CDeflate",
                "Compute", "Configuration", "Datasets", "Experiments", "Gossip", "Models", "Optimizers", "Randomness",
                "Records", "Runtime", "Safetensors", "Vectors",
            ]),
        module(
            "Runs",
            [
                "Compression", "Conditions", "Configuration", "Datasets", "Experiments", "Gossip", "Graphs",
                "Optimizers", "Records",
                "Runtime", "Spectra", "Vectors", "Workloads",
            ]),
        module(
            "Training",
            [
                "Checkpoints", "Conditions", "Configuration", "Datasets", "Experiments", "Gossip", "Graphs",
                "InProcessTransport", "Optimizers", "Records", "Runs", "Runtime", "Safetensors", "Threads", "Vectors",
                "Workloads",
            ]),
        module(
            "SimulatedTraining",
            [
                "Conditions", "Configuration", "Datasets", "Experiments", "Gossip", "Graphs", "Randomness", "Records",
                "Runs", "Runtime", "Simulator", "Vectors", "Workloads",
            ]),
        module("Reports", ["CAssets", "Configuration", "Records"]),
        module("Comparisons", ["CAssets", "Configuration", "Experiments", "Records", "Reports"]),
        module("Dashboard", ["CAssets", "CSockets", "Configuration", "Records", "Threads"]),
        .executableTarget(
            name: "fuzz-readers",
            dependencies: [
                "Checkpoints", "Experiments", "Gossip", "Graphs", "Records", "Runtime", "Vectors", "Workloads",
                "Runs", "Training", "Reports", "Configuration", "Datasets", "Safetensors", "Randomness", "CDeflate",
                "CFuzzer", "Wire", "OpenTransport",
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "murmur",
            dependencies: [
                argumentParser, "Checkpoints", "Comparisons", "Compression", "Compute", "Configuration", "Dashboard",
                "Datasets", "Experiments", "Gossip", "Graphs", "InProcessTransport", "MembershipTrials", "Models",
                "OpenTransport", "Optimizers", "Randomness",
                "Records",
                "Reports", "Runs",
                "Runtime", "Safetensors", "SimulatedTraining", "Simulator", "Spectra", "Threads", "Training",
                "Transports", "TransportTrials", "Vectors", "Workloads",
            ],
            swiftSettings: settings),

        // What tests share.
        .target(
            name: "TestKit", dependencies: ["Configuration", "Gossip", "Graphs", "Randomness", "Runtime", "Vectors"],
            path: "Tests/TestKit",
            swiftSettings: settings),

        tests(
            "MurmurTests",
            [
                argumentParser, "Checkpoints", "Comparisons", "Configuration", "Datasets", "Experiments", "Gossip",
                "Graphs",
                "Randomness", "Records", "Safetensors", "TestKit", "Runs", "Training", "murmur",
            ], isOptimized: false),
        tests(
            "TrainingTests",
            [
                "Checkpoints", "Conditions", "Configuration", "Datasets", "Experiments", "Gossip", "Graphs", "Models",
                "Optimizers", "Randomness", "Records", "Runs", "Runtime", "Safetensors", "TestKit", "Threads",
                "Training", "Vectors", "Workloads",
            ],
            exclude: ["Fixtures"], isOptimized: false),
        tests(
            "SimulatedTrainingTests",
            [
                "Conditions", "Configuration", "Datasets", "Experiments", "Gossip", "Graphs", "Randomness", "Records",
                "SimulatedTraining", "Simulator", "Runs", "TestKit", "Training", "Vectors",
            ]),
        tests("ComparisonsTests", ["Comparisons", "Configuration", "Experiments"]),
        tests("ReportsTests", ["Records", "Reports", "TestKit", "Training"], isOptimized: false),
        tests("DashboardTests", ["Dashboard", "Records", "TestKit"]),
        tests("RandomnessTests", ["Randomness"]),
        tests("ConfigurationTests", ["Configuration"]),
        tests("VectorsTests", ["Randomness", "Vectors"]),
        tests("CompressionTests", ["Compression", "Configuration", "Randomness", "Vectors"]),
        tests(
            "DatasetsTests", ["Configuration", "Datasets", "Randomness", "TestKit"], exclude: ["Fixtures"],
            isOptimized: false),
        tests("GossipTests", ["Configuration", "Gossip", "Graphs", "Randomness"]),
        tests("ConditionsTests", ["Conditions", "Configuration", "Gossip", "Graphs", "Randomness"]),
        tests("SpectraTests", ["Configuration", "Gossip", "Graphs", "Spectra"]),
        tests(
            "RuntimeTests",
            ["Compression", "Configuration", "Gossip", "Graphs", "Randomness", "Runtime", "TestKit", "Vectors"]),
        tests("WireTests", ["Gossip", "Graphs", "Randomness", "Runtime", "Vectors", "Wire"]),
        tests(
            "SimulatorTests",
            [
                "Conditions", "Configuration", "Gossip", "Graphs", "Randomness", "Runtime", "Simulator", "TestKit",
                "Vectors",
            ]),
        tests(
            "InProcessTransportTests",
            ["Conditions", "Configuration", "Gossip", "Graphs", "InProcessTransport", "Runtime", "Vectors"]),
        tests(
            "TransportConformanceTests",
            [
                "Conditions", "Gossip", "Graphs", "InProcessTransport", "Runtime", "Simulator", "TestKit",
                "TransportTrials", "Vectors",
            ]),
        tests(
            "TransportTrialsTests",
            ["Gossip", "Graphs", "InProcessTransport", "Runtime", "TestKit", "TransportTrials"]),
        tests("MembershipTests", ["Membership"]),
        tests("MembershipTrialsTests", ["Membership", "MembershipTrials", "Randomness"]),
        tests(
            "OpenTransportTests",
            [
                "COpenSSL", "Conditions", "Configuration", "Gossip", "Graphs", "Membership", "OpenTransport",
                "Randomness", "Runtime", "Simulator", "TestKit", "Vectors", "Wire",
            ], isOptimized: false),
        tests(
            "BridgeTests",
            [
                "Bridge", "CMurmur", "Compression", "Configuration", "Gossip", "Graphs", "Runtime", "TestKit",
                "Threads", "Vectors",
            ], isOptimized: false),
        tests("TransportsTests", ["Configuration", "Runtime", "Transports"]),
        tests(
            "ProcessesTransportTests",
            [
                "Configuration", "Gossip", "Graphs", "InProcessTransport", "ProcessesTransport", "Runtime", "TestKit",
                "TransportTrials", "Vectors", "Wire",
            ], isOptimized: false),
        tests("MPITransportTests", ["CMPI", "Gossip", "Graphs", "MPITransport", "Runtime", "Vectors", "Wire"]),
        tests(
            "AlgorithmConformanceTests",
            [
                "Compression", "Conditions", "Configuration", "Datasets", "Experiments", "Gossip", "Graphs",
                "Randomness", "Records",
                "Runtime", "SimulatedTraining", "Simulator", "Spectra", "TestKit", "Runs", "Training", "Vectors",
                "Workloads",
            ]),
        tests("BatteryTests", ["Conditions", "Configuration", "Gossip", "Graphs", "SimulatedTraining"]),
        tests("ModelsTests", ["Configuration", "Models", "Randomness", "Vectors"]),
        tests("SafetensorsTests", ["Safetensors"], exclude: ["Fixtures"]),
        tests(
            "ComputeTests",
            [
                "COneDNN", "Compute", "Configuration", "Models", "Randomness", "Safetensors", "Runs", "Training",
                "Vectors",
                "Workloads",
            ],
            exclude: ["Fixtures"]),
        tests(
            "OptimizersTests", ["Configuration", "Optimizers", "Randomness", "Safetensors", "Vectors"],
            exclude: ["Fixtures"]),
        tests("FuzzTests", ["fuzz-readers"], exclude: ["Corpus"]),
        tests("TidyTests", []),
    ],
    swiftLanguageModes: [.v6]
)
