import CMurmur
import Configuration
import Testing

/// A simulation through the C interface, as a caller has it.
final class TrialSimulation {
    let models: CallerModels
    private(set) var handle: OpaquePointer?
    private let peers: Int

    /// What is simulated; texts are JSON.
    struct World {
        var algorithm = "dpsgd"
        var options = "{}"
        var peers = 6
        var steps: UInt64 = 40
        var topology = "ring"
        var network = "{}"
        var faults = "[]"
        var stragglers = "{}"
    }

    /// Throws the sentence of a status that is none of the good ones.
    struct Refusal: Error, CustomStringConvertible {
        let status: Int32
        let description: String
    }

    init(_ world: World, _ models: CallerModels? = nil) throws {
        peers = world.peers
        self.models = models ?? CallerModels(peers: world.peers)
        var learning = self.models.learning
        try world.algorithm.withCString { algorithm in
            try world.options.withCString { options in
                try world.topology.withCString { topology in
                    try world.network.withCString { network in
                        try world.faults.withCString { faults in
                            try world.stragglers.withCString { stragglers in
                                var settings = murmur_simulation_settings()
                                settings.size = UInt32(MemoryLayout<murmur_simulation_settings>.size)
                                (settings.peers, settings.steps) = (UInt32(world.peers), world.steps)
                                (settings.seed, settings.keeps_own_start) = (7, 1)
                                (settings.samples, settings.steps_per_epoch) = (80, 10)
                                (settings.algorithm, settings.algorithm_options) = (algorithm, options)
                                (settings.topology, settings.network) = (topology, network)
                                (settings.faults, settings.stragglers) = (faults, stragglers)
                                try Self.check(murmur_simulation_open(&settings, &learning, &handle))
                            }
                        }
                    }
                }
            }
        }
    }

    deinit { _ = murmur_simulation_close(handle) }

    static func check(_ status: Int32) throws {
        guard status >= Int32(MURMUR_ERRORS.rawValue) else { return }
        throw Refusal(status: status, description: String(cString: murmur_last_error()))
    }

    /// Adds a peer with tensors where its model lies, `weight` of so many rows.
    func add(_ peer: Int, rows: Int64 = 2) throws {
        let shapes: [[Int64]] = [[rows, 4 / rows], [3]]
        try shapes[0].withUnsafeBufferPointer { weight in
            try shapes[1].withUnsafeBufferPointer { bias in
                try "weight".withCString { weightName in
                    try "bias".withCString { biasName in
                        let block = models.blocks[peer]
                        let tensors = [
                            murmur_tensor(name: weightName, data: block, shape: weight.baseAddress, dimensions: 2),
                            murmur_tensor(name: biasName, data: block + 4, shape: bias.baseAddress, dimensions: 1),
                        ]
                        try Self.check(murmur_simulation_add(handle, tensors, 2))
                    }
                }
            }
        }
    }

    /// Adds all peers and runs to the end, so many events at a time; gives the report.
    @discardableResult func run(events: UInt64 = 0) throws -> JSON {
        for peer in 0..<peers { try add(peer) }
        while true {
            let status = murmur_simulation_run(handle, events)
            try Self.check(status)
            if status == Int32(MURMUR_FINISHED.rawValue) { break }
        }
        return try report()
    }

    func report() throws -> JSON {
        var length: UInt64 = 0
        try Self.check(murmur_simulation_report(handle, nil, 0, &length))
        var text = [CChar](repeating: 0, count: Int(length) + 1)
        try Self.check(murmur_simulation_report(handle, &text, UInt64(text.count), &length))
        return try JSON(parsing: text.prefix(Int(length)).map { UInt8(bitPattern: $0) })
    }

    func model(_ peer: Int) throws -> [Float] {
        var model = [Float](repeating: 0, count: CallerModels.count)
        try Self.check(murmur_simulation_model(handle, UInt32(peer), &model, UInt64(model.count)))
        return model
    }

    func allModels() throws -> [[Float]] { try (0..<peers).map { try model($0) } }
}

extension JSON {
    /// A text of the report.
    func text(_ key: String) -> String? { if case .string(let text)? = self[key] { text } else { nil } }

    /// A whole number of the report.
    func integer(_ key: String) -> Int? { if case .integer(let number)? = self[key] { number } else { nil } }

    /// A number of the report.
    func number(_ key: String) -> Double? {
        switch self[key] {
        case .number(let number)?: number
        case .integer(let number)?: Double(number)
        default: nil
        }
    }
}
