import CMurmur
import Configuration
import Gossip
import Vectors

/// The settings as a caller in C gives them.
extension PeerSettings {
    /// Throws for what cannot be, whoever else takes part. Gives the tensors' memory beside the settings.
    static func read(
        _ given: murmur_peer_settings
    ) throws(BridgeError) -> (settings: PeerSettings, memory: TensorMemory) {
        guard given.size >= UInt32(MemoryLayout<murmur_peer_settings>.size) else {
            throw BridgeError(
                .invalid, "the settings are \(given.size) bytes long; set `size` to sizeof(murmur_peer_settings)")
        }
        guard let algorithm = try choice(given.algorithm, given.algorithm_options, "algorithm") else {
            throw .missing("algorithm")
        }
        try AlgorithmSource.check(algorithm)
        try refuseUnknownOptions(algorithm)
        var settings = PeerSettings(algorithm: algorithm)
        settings.isServer = given.is_server != 0
        settings.topology = try choice(given.topology, given.topology_options, "topology")
        settings.compression = try choice(given.compression, given.compression_options, "compression")
        settings.transport = try choice(given.transport, given.transport_options, "transport")
        settings.steps = given.steps == 0 ? nil : given.steps
        settings.samples = Int(clamping: given.samples)
        settings.stepsPerEpoch = Int(clamping: given.steps_per_epoch)
        settings.seed = given.seed
        settings.optimizerHasMomentum = given.optimizer_has_momentum != 0
        settings.keepsOwnStart = given.keeps_own_start != 0
        settings.announcesSteps = given.announces_steps != 0
        let tensors = try tensors(given, isServer: settings.isServer)
        for tensor in tensors { settings.layout.append(tensor.name, shape: tensor.shape) }
        let memory = TensorMemory(tensors.map(\.data), counts: settings.layout.entries.map(\.count))
        try refuseShared(memory, tensors.map(\.name))
        return (settings, memory)
    }

    /// Refuses a key that the library's algorithm of that name does not have, before others are waited for.
    private static func refuseUnknownOptions(_ choice: Choice) throws(BridgeError) {
        let known = (Algorithms.all + Algorithms.aliases).first { $0.name == choice.name }
        guard let known else { return }
        do {
            try choice.options.refuseUnknown(besides: known.options)
        } catch {
            throw BridgeError(.invalid, "\(error.within("algorithm"))")
        }
    }

    private typealias NamedTensor = (name: String, shape: [Int], data: UnsafeMutablePointer<Float>)

    private static func tensors(
        _ given: murmur_peer_settings, isServer: Bool
    ) throws(BridgeError) -> [NamedTensor] {
        guard !isServer else { return [] }
        guard given.tensor_count > 0 else {
            throw BridgeError(.invalid, "the model has no float32 parameter to train; give it one that has")
        }
        guard let first = given.tensors else { throw .missing("tensors") }
        var names: Set<String> = []
        var tensors: [NamedTensor] = []
        for given in UnsafeBufferPointer(start: first, count: Int(clamping: given.tensor_count)) {
            guard let name = given.name.map({ String(cString: $0) }) else { throw .missing("a tensor's name") }
            guard names.insert(name).inserted else {
                throw BridgeError(.invalid, "two parameters are called \(name); give each a name of its own")
            }
            guard let data = given.data else {
                throw BridgeError(.invalid, "parameter \(name) has no memory; give the address of its numbers")
            }
            let shape = UnsafeBufferPointer(start: given.shape, count: Int(given.shape == nil ? 0 : given.dimensions))
            guard shape.allSatisfy({ (1...1 << 40).contains($0) }) else {
                throw BridgeError(.invalid, "parameter \(name) has the shape \(Array(shape)), which holds no numbers")
            }
            tensors.append((name, shape.map { Int($0) }, data))
        }
        return tensors
    }

    private static func refuseShared(_ memory: TensorMemory, _ names: [String]) throws(BridgeError) {
        let sorted = zip(memory.ranges, names).sorted { $0.0.lowerBound < $1.0.lowerBound }
        for (one, other) in zip(sorted, sorted.dropFirst()) where one.0.overlaps(other.0) {
            throw BridgeError(
                .invalid, "parameters \(one.1) and \(other.1) share storage; give shared parameters once")
        }
    }

    /// A name with its options; nil where there is no name.
    static func choice(
        _ name: UnsafePointer<CChar>?, _ options: UnsafePointer<CChar>?, _ section: String
    ) throws(BridgeError) -> Choice? {
        guard let name else { return nil }
        return Choice(String(cString: name), try Self.options(options, section))
    }

    /// The options of a section, from a JSON object.
    private static func options(_ text: UnsafePointer<CChar>?, _ section: String) throws(BridgeError) -> Options {
        guard let text else { return Options() }
        let json: JSON
        do {
            json = try JSON(parsing: Array(String(cString: text).utf8))
        } catch {
            throw BridgeError(.invalid, "the options of \(section) are no JSON: \(error)")
        }
        guard case .object(let entries) = json else {
            throw BridgeError(.invalid, "the options of \(section) are no JSON object; give names and values")
        }
        return Options(Dictionary(entries.map { ($0.key, OptionValue($0.value)) }) { _, last in last })
    }
}
