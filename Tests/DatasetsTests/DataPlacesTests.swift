import Datasets
import Testing

@Suite struct DataPlacesTests {
    @Test func theOrderIsTheDocumentedOne() {
        let places = DataPlaces(environment: ["MURMUR_DATA": "/data", "HOME": "/people/ada"])
        #expect(
            places.folders(for: "mnist", path: nil)
                == ["/data/mnist", "/people/ada/.cache/murmur/mnist", "/usr/share/datasets/mnist"])
        #expect(places.folders(for: "mnist", path: "here") == ["here"])
        #expect(places.folders(for: "mnist", path: "~/digits") == ["/people/ada/digits"])
    }

    @Test func whatIsNotSetIsNotLookedAt() {
        let places = DataPlaces(environment: ["MURMUR_DATA": ""])
        #expect(places.folders(for: "mnist", path: nil) == ["/usr/share/datasets/mnist"])
        #expect(places.folders(for: "mnist", path: "~/digits") == ["~/digits"])
    }
}
