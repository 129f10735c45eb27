import PaymentCrypto
import Testing

/// Certificates of no authority, for tests that ask nobody whether they are good; their private keys are gone.
enum TestCertificates {
    /// RSA-2048.
    static let first = Result { try certificate(first2048) }
    /// RSA-2048, another one.
    static let second = Result { try certificate(second2048) }
    /// RSA-3072.
    static let third = Result { try certificate(third3072) }

    private static func certificate(_ pem: String) throws -> Certificate {
        try #require(try Certificate.bundle(Array(pem.utf8)).first)
    }

    private static let first2048 = """
        -----BEGIN CERTIFICATE-----
        MIIDEzCCAfugAwIBAgIUIytHNae9E/INK2EQzoICGhvP4+YwDQYJKoZIhvcNAQEL
        BQAwGDEWMBQGA1UEAwwNVEVTVCBkZXZpY2UgMTAgFw0yNjExMjQwMzE4MjJaGA8y
        MTI2MTAzMTAzMTgyMlowGDEWMBQGA1UEAwwNVEVTVCBkZXZpY2UgMTCCASIwDQYJ
        KoZIhvcNAQEBBQADggEPADCCAQoCggEBANN++57ThyZeHHHaiRUwa1KJXBLDZjXP
        XUQIa3+/Z2qrLMetRf/vQXSwf5N3+gyherRXdcsIZ+sVTZnXXW+109I1YAKLL1kR
        59dDbARcD94peukv+U8zYrhoLCIExtHjNHIbISjjKSLcGChH5kvKboUmtHeGeBwL
        y7SApOQf+6SFS52rjOQ5v+DL36W6+zunD4q+7ra5vItYvFvB9+hlstMJnUzO8zZB
        E12Mu+a+1+liOfIYrk73fd+WoqA1TVtAY5FLs3At6oAwf8Bq8czTJO1sBg+7J6e/
        iKTXHHUR8qsgIvR3x6tgiP8HcXdH1I53sIz5EC/qD2kU8eher2IYboMCAwEAAaNT
        MFEwHQYDVR0OBBYEFCpv1iA43fEjWzlUo80ivcXzCNH1MB8GA1UdIwQYMBaAFCpv
        1iA43fEjWzlUo80ivcXzCNH1MA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQEL
        BQADggEBAK0ztpnKDchDnHRore6V7ScgGpMlRwFIySwAuM39GOdSCVZgNWhA1oUk
        HiT4rVz02s2TB/96YjRHPEEultTgyPpoXpXU7D99akg9yPR9KaY2w/jlleUx+Mdt
        fkJVpOgKNQIz9LTT7+//qNKP2IHm4gQYQLEXkRfSaiKDi3GacsQ6t0Z2+aZ30mCE
        u57TAqwO/IGE+S37MWoSooSlGlym7Ua08yKAbXpBsvgU3FgIAFmLWZvrNvIm3bO8
        buCoJdSeMHMxfqtcRzsl+0sDTnyjbqIsVmLpd+ZnWxGdk5vXVlhGsc95gHcMoLNU
        krEl9QriIA59oX17X+eUcIowGqcy0Dg=
        -----END CERTIFICATE-----
        """
    private static let second2048 = """
        -----BEGIN CERTIFICATE-----
        MIIDEzCCAfugAwIBAgIUBbbzg40Y4J/XRqw4y2qBjhiN56swDQYJKoZIhvcNAQEL
        BQAwGDEWMBQGA1UEAwwNVEVTVCBkZXZpY2UgMjAgFw0yNjExMjQwMzE4MjJaGA8y
        MTI2MTAzMTAzMTgyMlowGDEWMBQGA1UEAwwNVEVTVCBkZXZpY2UgMjCCASIwDQYJ
        KoZIhvcNAQEBBQADggEPADCCAQoCggEBAL3Jg+/6nEVwg6E/1ZlcAphPYzyDyuoN
        rmdxe+Q1f2IjIEdiH5E0p4SJLCohHYyIHY+AHThCg4VEPm6ViRkqLxJcY5KcSAiH
        FM3zZlhZS7oVvV4RnQhK7HEDz5syfRRhR6uSlBBaSbqz0kG7S5qgZ0xaYUsB1ew6
        hsGmwabeFnHYzYyqUV7yAnBdY8M4YaQZltepAsKr+1PqkpcpM9FRXES/tFBMy3wY
        1svpRllChb8WKGAu6RLvXI1P3Xf8HqFN7DWXMfp83UDoG6ZBnr+2SpfmvsUulufG
        VBqQOI4THh/ovr5SiYwkSWeUGPahh6PZ4k2aINSRdNv9VSb77q1kvxcCAwEAAaNT
        MFEwHQYDVR0OBBYEFBpK2mhZUBfCCl4tx54UV+lYbr28MB8GA1UdIwQYMBaAFBpK
        2mhZUBfCCl4tx54UV+lYbr28MA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQEL
        BQADggEBAG9EVoN+7j7pY8TxkFXpCrmOC7lU7Qqj/tlp+P8QhPM3d5Kr57G4a9cf
        VEnjZww154z3Jl4FqyNqeOGLLRibqkOfW0rNwnfMlETeXBK0xXWzt/x0SPj6apw2
        Gj/iyJamoylLS0ZRgTJxHRm++MWF6i6XVaEK/knnjrRtwbToRxuHKgDJKM8HVEoF
        YgN9tXmalQPdqwofC3wIPAhDIsz5mOPFSrB3OyeWZ0Deic5aiqmAVIwbtuyBpQN0
        VelLPIg7KFKalKp0GYVzPe4xZD9QShkEMYE5+ClrE8gHu1wwp+gPYleEn35hWMra
        erhbjMe2CtlZXrDRxFQGMs7pnAZQIo8=
        -----END CERTIFICATE-----
        """
    private static let third3072 = """
        -----BEGIN CERTIFICATE-----
        MIIEEzCCAnugAwIBAgIUXQbIlYA2ZKOHrch/CjIwiIppeTAwDQYJKoZIhvcNAQEL
        BQAwGDEWMBQGA1UEAwwNVEVTVCBkZXZpY2UgMzAgFw0yNjExMjQwMzE4MjVaGA8y
        MTI2MTAzMTAzMTgyNVowGDEWMBQGA1UEAwwNVEVTVCBkZXZpY2UgMzCCAaIwDQYJ
        KoZIhvcNAQEBBQADggGPADCCAYoCggGBALPKNsJbIZYcA/m86P5ERYUI6pst/Vfm
        nKv+P2l8G026e34bxlPxGNZ/wc7hFmrkQOpcjLKfoM2BBdeRncJbUhyWrmGKwjYL
        TF0TB0RibFskEG3g9RuJcGduQybZn4zT9H0Vwy6fghCAOmXzd4c/Rz7XjFg9kNzO
        wl+ZJGyu3AIJ/hZf6zGepKoL+NklgUnESxS1JMX8CBSe6bkM+4mhqDUZHEZRlvmz
        V5Bmp+qd9X2mUvvhPbvtb6BfdGfPPKr9uFObExdLLMJ0pHN4C/LqZbVDvCX93lHf
        3zL2Tujtvjvtxkr89mqE1n54a7xiQy36LXN35eMHuWkotwx53xdomvvJtMyG+PHW
        zMHvMl0zSCLjziiGMeWJXH+InhdVM4WsGFQ3LNaj535qUV3vN00WWL5hSXVsYOXm
        syPEIpseCI6Ueb+IsmVI/eYwoGe0mgzfJIoiI3QauGW2/JbdsNCXN1IGTzRoBMSG
        ixiQ55Rc6vxoK0U4Y4ysi9FRYZEUQVglrwIDAQABo1MwUTAdBgNVHQ4EFgQUxCKW
        Z7biXBtRYMiRmWtERClI4GcwHwYDVR0jBBgwFoAUxCKWZ7biXBtRYMiRmWtERClI
        4GcwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOCAYEAMV0ybDLp2/Hg
        ALET5OhWiV4ccUZ01s7JnyLR2K040i9wLnb+ZRcKNXGnIpmM7cVRq76+IEuIJhdw
        VviSrKM7BBZOVLkBf+dh9JgZbgQ1ce7b7xmu+ZP1pfLsif3opT/GvqYArpqjXIBG
        wHp8Dyoy8sgcA7xLvWarzHhi3mEUH4tJDQk05ooOrJKpa5BAYn1SPn/cUNIbW25m
        UrNTIbJqUFrW62Pv3UML9E7k/A2ntPzPx/xaDCMy5/xpDia+tCbLcAuF72UOsi6S
        6iZ85yK/232+0QTpM0hORPgGnz6bdu2UjKvCxWghsv3emkR/Y0ZlPTjHMqYCCpm3
        n/R4d9u1VVTku5ldIC639cqV45aVq2ur4tQe8iKNkLgneXLgpDioiSAECEiYMWY8
        PvNFE53ljoIP6tJElFPw8pXgNuWAmFXCulGAZyo7AQrz77/SkYNQB6iMXdHSkEOO
        TutjFMXzg0QB2fdGbORiks4es2akntxPB0cOFxWLp0AAxHh8SDP+
        -----END CERTIFICATE-----
        """
}
