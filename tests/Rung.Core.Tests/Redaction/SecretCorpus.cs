using System.Globalization;
using System.Text;

namespace Rung.Core.Tests.Redaction;

/// <summary>Made-up texts with planted addresses, numbers, cards and keys. None of them is anybody's: digits and letters are drawn by a seeded sequence.</summary>
internal sealed class SecretCorpus(int seed)
{
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Digit = "0123456789";
    private const string Alnum = Lower + Upper + Digit;

    private readonly Random _chance = new(seed);

    /// <summary>So many texts of one kind: "email", "phone", "card" or "secret".</summary>
    public IEnumerable<Planted> Of(string kind, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (form, secret) = kind switch { "email" => Email(), "phone" => Phone(), "card" => Card(), _ => Secret() };
            // Where only a part of a form may not be kept, it stands between ‹ and ›.
            var (from, to) = (secret.IndexOf('‹'), secret.IndexOf('›'));
            yield return new Planted(kind, form, from < 0 ? secret : secret[(from + 1)..to], Around(kind, form, secret.Replace("‹", "").Replace("›", "")));
        }
    }

    private (string, string) Email()
    {
        var name = Pick("jo", "maria.lopez", "k_tanaka", "o'brien", "anna-lena", "x.y.z", "sales", "j.r.doe", "müller", "петр") + Run(Digit, _chance.Next(0, 4));
        if (_chance.Next(4) == 0) name += "+" + Run(Lower, 4);
        var host = Run(Lower, _chance.Next(3, 10));
        var top = Pick("com", "org", "de", "co.uk", "io", "museum", "com.br", "info", "xn--p1ai", "jp");
        return _chance.Next(14) switch
        {
            0 => ("spelt brackets", $"{name} [at] {host} [dot] {Pick("com", "org", "net")}"),
            1 => ("spelt round", $"{name}(at){host}(dot){Pick("com", "org", "net")}"),
            2 => ("spelt words", $"{Run(Lower, 6)} at {host} dot {Pick("com", "org", "net")}"),
            3 => ("spelt half", $"{name} (at) {host}.{Pick("com", "org", "net")}"),
            4 => ("spaced", $"{Run(Lower, 6)} @ {host}.com"),
            5 => ("percent", $"{Run(Lower, 6)}%40{host}.com"),
            6 => ("wide sign", $"{Run(Lower, 7)}＠{host}.com"),
            7 => ("invisible", $"{Run(Lower, 4)}\u200B{Run(Lower, 3)}@{host}.com"),
            8 => ("escaped", $"{Run(Lower, 6)}\\u0040{host}.com"),
            9 => ("entity", $"{Run(Lower, 6)}&#64;{host}.org"),
            10 => ("broken line", $"{Run(Lower, 6)}@{host}\n.{Pick("com", "org")}"),
            _ => ("plain", $"{name}@{host}{(_chance.Next(3) == 0 ? "." + Run(Lower, 5) : "")}.{top}"),
        };
    }

    private (string, string) Phone()
    {
        var nn = (int digits) => Run(Digit, digits);
        var first = () => (char)('2' + _chance.Next(8));
        var formats = new (string, Func<string>)[]
        {
            ("US dashes", () => $"{first()}{nn(2)}-{first()}{nn(2)}-{nn(4)}"), ("US dots", () => $"{first()}{nn(2)}.{first()}{nn(2)}.{nn(4)}"),
            ("US brackets", () => $"({first()}{nn(2)}) {first()}{nn(2)}-{nn(4)}"), ("US spaces", () => $"{first()}{nn(2)} {first()}{nn(2)} {nn(4)}"),
            ("US 1-", () => $"1-{first()}{nn(2)}-{first()}{nn(2)}-{nn(4)}"), ("US +1", () => $"+1 ({first()}{nn(2)}) {first()}{nn(2)}-{nn(4)}"),
            ("US +1 bare", () => $"+1{first()}{nn(2)}{first()}{nn(6)}"), ("US words", () => $"{first()}{nn(2)}{first()}{nn(6)}"),
            ("UK mobile", () => $"07{first()}{nn(2)} {nn(6)}"), ("UK London", () => $"020 {first()}{nn(3)} {nn(4)}"), ("UK brackets", () => $"(0161) {nn(3)} {nn(4)}"),
            ("UK +44", () => $"+44 7{nn(3)} {nn(6)}"), ("UK +44 (0)", () => $"+44 (0)20 {first()}{nn(3)} {nn(4)}"), ("UK bare", () => $"07{first()}{nn(8)}"),
            ("DE mobile", () => $"017{nn(1)} {first()}{nn(6)}"), ("DE slash", () => $"030/{first()}{nn(6)}"), ("DE dash", () => $"089-{first()}{nn(6)}"),
            ("DE +49", () => $"+49 15{nn(1)} {first()}{nn(7)}"), ("DE 0049", () => $"0049 170 {first()}{nn(6)}"), ("DE bare", () => $"0157{first()}{nn(6)}"),
            ("FR spaces", () => $"06 {nn(2)} {nn(2)} {nn(2)} {nn(2)}"), ("FR dots", () => $"01.{nn(2)}.{nn(2)}.{nn(2)}.{nn(2)}"), ("FR +33", () => $"+33 6 {nn(2)} {nn(2)} {nn(2)} {nn(2)}"),
            ("ES words", () => $"6{nn(2)} {nn(3)} {nn(3)}"), ("ES +34", () => $"+34 6{nn(2)} {nn(2)} {nn(2)} {nn(2)}"), ("IT mobile", () => $"+39 3{nn(2)} {nn(3)} {nn(4)}"),
            ("IT land", () => $"06 {first()}{nn(3)} {nn(4)}"), ("NL", () => $"06-{first()}{nn(7)}"), ("BE", () => $"0470 {nn(2)} {nn(2)} {nn(2)}"), ("CH", () => $"044 {first()}{nn(2)} {nn(2)} {nn(2)}"),
            ("AT", () => $"+43 664 {first()}{nn(6)}"), ("PL +48", () => $"+48 {first()}{nn(2)} {nn(3)} {nn(3)}"), ("PL words", () => $"5{nn(2)} {nn(3)} {nn(3)}"), ("CZ", () => $"+420 6{nn(2)} {nn(3)} {nn(3)}"),
            ("SE", () => $"08-{first()}{nn(2)} {nn(2)} {nn(2)}"), ("NO words", () => $"9{nn(2)} {nn(2)} {nn(3)}"), ("DK +45", () => $"+45 {first()}{nn(1)} {nn(2)} {nn(2)} {nn(2)}"), ("FI", () => $"+358 40 {nn(3)} {nn(4)}"),
            ("RU +7", () => $"+7 (9{nn(2)}) {nn(3)}-{nn(2)}-{nn(2)}"), ("RU 8", () => $"8 (9{nn(2)}) {nn(3)}-{nn(2)}-{nn(2)}"), ("UA", () => $"+380 67 {nn(3)} {nn(2)} {nn(2)}"), ("TR", () => $"0{first()}{nn(2)} {nn(3)} {nn(2)} {nn(2)}"),
            ("GR", () => $"+30 21{nn(1)} {nn(3)} {nn(4)}"), ("IL", () => $"05{nn(1)}-{first()}{nn(2)}-{nn(4)}"), ("AE", () => $"+971 5{nn(1)} {nn(3)} {nn(4)}"), ("SA", () => $"+966 5{nn(1)} {nn(3)} {nn(4)}"),
            ("IN", () => $"9{nn(4)} {nn(5)}"), ("IN +91", () => $"+91-9{nn(4)}-{nn(5)}"), ("PK", () => $"0300-{first()}{nn(6)}"), ("CN", () => $"13{nn(1)} {nn(4)} {nn(4)}"), ("CN bare", () => $"138{first()}{nn(7)}"),
            ("CN +86", () => $"+86 1{Pick("38", "59", "77")} {nn(4)} {nn(4)}"), ("JP", () => $"090-{first()}{nn(3)}-{nn(4)}"), ("JP +81", () => $"+81 3-{first()}{nn(3)}-{nn(4)}"), ("KR", () => $"010-{first()}{nn(3)}-{nn(4)}"),
            ("SG +65", () => $"+65 9{nn(3)} {nn(4)}"), ("HK words", () => $"9{nn(3)} {nn(4)}"), ("AU mobile", () => $"04{first()}{nn(1)} {nn(3)} {nn(3)}"), ("AU land", () => $"(02) {first()}{nn(3)} {nn(4)}"), ("NZ", () => $"021 {first()}{nn(2)} {nn(4)}"),
            ("ZA", () => $"+27 82 {nn(3)} {nn(4)}"), ("NG", () => $"0803 {first()}{nn(2)} {nn(4)}"), ("EG", () => $"+20 10 {nn(4)} {nn(4)}"), ("KE", () => $"+254 7{nn(2)} {nn(6)}"),
            ("BR", () => $"(11) 9{nn(4)}-{nn(4)}"), ("BR +55", () => $"+55 21 9{nn(4)}-{nn(4)}"), ("MX words", () => $"55 {first()}{nn(3)} {nn(4)}"), ("AR", () => $"+54 9 11 {nn(4)}-{nn(4)}"),
            ("unicode dashes", () => $"{first()}{nn(2)}–{first()}{nn(2)}‑{nn(4)}"), ("hard spaces", () => $"+49\u00A0170\u202F{first()}{nn(6)}"), ("wide digits", () => Wide($"+1 {first()}{nn(2)} {first()}{nn(2)} {nn(4)}")),
            ("broken line", () => $"+44 7{nn(2)}\n{nn(7)}"), ("extension", () => $"‹+1 {first()}{nn(2)}-{first()}{nn(2)}-{nn(4)}› ext. 12"),
        };
        var (form, make) = formats[_chance.Next(formats.Length)];
        return (form, make());
    }

    private (string, string) Card()
    {
        var (brand, start, length, groups) = _chance.Next(8) switch
        {
            0 => ("Mastercard", "5" + (1 + _chance.Next(5)), 16, new[] { 4, 4, 4, 4 }), 1 => ("Mastercard 2", "2" + (300 + _chance.Next(300)), 16, [4, 4, 4, 4]),
            2 => ("Amex", Pick("34", "37"), 15, [4, 6, 5]), 3 => ("Discover", "6011", 16, [4, 4, 4, 4]), 4 => ("JCB", "353" + _chance.Next(10), 16, [4, 4, 4, 4]),
            5 => ("Diners", "36", 14, [4, 6, 4]), 6 => ("UnionPay", "62", 19, [4, 4, 4, 4, 3]), _ => ("Visa", "4", 16, new[] { 4, 4, 4, 4 }),
        };
        var digits = start + Run(Digit, length - start.Length - 1);
        digits += CheckDigit(digits);
        var grouped = (string separator) =>
        {
            var text = new StringBuilder();
            var at = 0;
            foreach (var group in groups)
            {
                if (at > 0) text.Append(separator);
                text.Append(digits, at, group);
                at += group;
            }
            return text.ToString();
        };
        return _chance.Next(11) switch
        {
            0 => (brand + " dashes", grouped("-")), 1 => (brand + " dots", grouped(".")), 2 => (brand + " unicode dashes", grouped("–")), 3 => (brand + " hard spaces", grouped("\u00A0")),
            4 => (brand + " two spaces", grouped("  ")), 5 => (brand + " single digits", string.Join(' ', digits.ToCharArray())), 6 => (brand + " wide", Wide(digits)),
            7 => (brand + " broken line", digits[..7] + "\n" + digits[7..]), 8 => (brand + " spaced dashes", grouped(" - ")), 9 => (brand + " spaces", grouped(" ")), _ => (brand + " bare", digits),
        };
    }

    private (string, string) Secret()
    {
        var forms = new (string, Func<string>)[]
        {
            ("sk-", () => $"sk-{Run(Alnum, 48)}"), ("sk-proj-", () => $"sk-proj-{Run(Alnum + "_-", 80)}7Q"), ("sk-ant-", () => $"sk-ant-api03-{Run(Alnum + "_-", 80)}AA"), ("sk-or-", () => $"sk-or-v1-{Run("0123456789abcdef", 64)}"),
            ("AKIA", () => $"AKIA{Run(Upper + "234567", 16)}"), ("ASIA", () => $"ASIA{Run(Upper + "234567", 16)}"), ("aws secret", () => $"aws_secret_access_key = ‹{Run(Alnum + "/+", 38)}9z›"),
            ("ghp_", () => $"ghp_{Run(Alnum, 36)}"), ("github_pat_", () => $"github_pat_{Run(Alnum, 22)}_{Run(Alnum, 59)}"), ("glpat-", () => $"glpat-{Run(Alnum, 20)}"),
            ("xoxb-", () => $"xoxb-{Run(Digit, 12)}-{Run(Digit, 12)}-{Run(Alnum, 24)}"), ("xapp-", () => $"xapp-1-A{Run(Upper + Digit, 10)}-{Run(Digit, 13)}-{Run("0123456789abcdef", 32)}"),
            ("slack hook", () => $"https://hooks.slack.com/services/‹T{Run(Upper + Digit, 8)}/B{Run(Upper + Digit, 8)}/{Run(Alnum, 24)}›"), ("AIza", () => $"AIza{Run(Alnum + "_-", 34)}k"), ("ya29", () => $"ya29.{Run(Alnum + "_-", 60)}x"),
            ("JWT", () => $"eyJ{Run(Alnum, 20)}.eyJ{Run(Alnum + "_-", 40)}a.{Run(Alnum + "_-", 42)}b"), ("PEM", () => $"-----BEGIN RSA PRIVATE KEY-----\n{Run(Alnum + "/+", 64)}\n{Run(Alnum + "/+", 64)}\n-----END RSA PRIVATE KEY-----"),
            ("PEM openssh", () => $"-----BEGIN OPENSSH PRIVATE KEY-----\n{Run(Alnum + "/+", 70)}\n{Run(Alnum + "/+", 40)}=\n-----END OPENSSH PRIVATE KEY-----"), ("PEM cut", () => $"-----BEGIN PRIVATE KEY-----\n{Run(Alnum + "/+", 64)}\n{Run(Alnum + "/+", 64)}"),
            ("Bearer", () => $"Bearer ‹{Run(Alnum + "_-", 40)}3c›"), ("Basic", () => $"Authorization: Basic ‹{Run(Alnum, 22)}==›"), ("api_key", () => $"api_key = \"‹{Run(Alnum, 28)}4f›\""), ("apikey json", () => $"\"apiKey\": \"‹{Run("0123456789abcdef", 32)}›\""),
            ("secret env", () => $"CLIENT_SECRET=‹{Run(Alnum, 30)}8›"), ("token yaml", () => $"access_token: ‹{Run(Alnum, 40)}1›"), ("password", () => $"password: ‹{Run(Lower, 6)}{Run(Digit, 3)}!›"), ("password is", () => $"password is ‹{Run(Lower, 5)}{Run(Upper, 2)}{Run(Digit, 3)}›"),
            ("passwd quoted", () => $"passwd='‹{Run(Alnum, 10)}7#›'"), ("pwd conn", () => $"Server=db;User Id=sa;Password=‹{Run(Alnum, 12)}3$›;"), ("account key", () => $"AccountKey=‹{Run(Alnum + "/+", 84)}1==›;EndpointSuffix=core.windows.net"),
            ("url password", () => $"postgres://app:‹{Run(Alnum, 16)}›@db.internal:5432/main"), ("redis url", () => $"redis://:‹{Run(Alnum, 20)}›@cache.internal:6379/0"), ("url with sign", () => $"mongodb+srv://app:‹{Run(Alnum, 8)}/{Run(Alnum, 6)}›@c0.example.net"),
            ("query token", () => $"https://api.example.com/v1?access_token=‹{Run(Alnum, 32)}5›&x=1"), ("sas", () => $"https://x.blob.core.windows.net/c?sv=2022&sig=‹{Run(Alnum, 40)}2%3D›"),
            ("hf_", () => $"hf_{Run(Alnum, 34)}"), ("npm_", () => $"npm_{Run(Alnum, 36)}"), ("stripe", () => $"sk_live_{Run(Alnum, 24)}"), ("sendgrid", () => $"SG.{Run(Alnum, 22)}.{Run(Alnum + "_-", 42)}z"), ("whsec", () => $"whsec_{Run(Alnum, 32)}"),
            ("telegram", () => $"{Run("123456789", 9)}:AA{Run(Alnum + "_-", 33)}"), ("gsk_", () => $"gsk_{Run(Alnum, 52)}"), ("dop_v1", () => $"dop_v1_{Run("0123456789abcdef", 64)}"), ("vault", () => $"hvs.{Run(Alnum, 40)}"), ("pypi", () => $"pypi-AgEIcHlwaS5vcmc{Run(Alnum + "_-", 60)}q"),
            ("escaped start", () => $"\\u0073k-{Run(Alnum, 48)}"), ("invisible", () => $"ghp_{Run(Alnum, 10)}\u200B{Run(Alnum, 26)}"), ("broken line", () => $"sk-ant-api03-{Run(Alnum, 24)}\n{Run(Alnum, 24)}9Zx"), ("escaped break", () => $"sk-{Run(Alnum, 12)}\\n{Run(Alnum, 30)}5Qw"),
            ("JSON escaped", () => $"{{\\\"client_secret\\\": \\\"‹{Run(Alnum, 30)}6›\\\"}}"), ("google oauth", () => $"GOCSPX-{Run(Alnum + "_-", 27)}d"),
        };
        var (form, make) = forms[_chance.Next(forms.Length)];
        return (form, make());
    }

    private string Around(string kind, string form, string secret)
    {
        if (kind == "phone" && (form.Contains("words", StringComparison.Ordinal) || form is "US spaces"))
        {
            // What looks like any other number is a telephone's by the words around it.
            return Pick($"Call me at {secret} after six.", $"Phone: {secret}", $"Meine Handynummer ist {secret}, danke!", $"You can reach me on {secret}.", $"WhatsApp {secret}", $"mi teléfono es {secret}", $"Tel. {secret}", $"我的手机 {secret}", $"{secret} is my cell");
        }
        return Pick($"{secret}", $"Please use {secret} for this.", $"Kunde: Anna; Kontakt: {secret}; Stadt: Köln", $"I wrote it down: {secret}. Can you check?", $"1. First\n2. {secret}\n3. Third", $"a,b,{secret},d",
            $"[{secret}]", $"<td>{secret}</td>", $"> quoted: {secret}\n> bye", $"| name | {secret} |", $"({secret})", $"it is \"{secret}\"", $"ログ: {secret} を確認してください", $"user said {secret} and then left");
    }

    private static char CheckDigit(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit * 2 / 10 + digit * 2 % 10 : digit;
        }
        return (char)('0' + (10 - sum % 10) % 10);
    }

    private static string Wide(string text) => string.Concat(text.Select(unit => char.IsAsciiDigit(unit) ? (char)(unit + 0xFEE0) : unit));

    private string Run(string alphabet, int length) => string.Create(length, 0, (into, _) =>
    {
        for (var i = 0; i < into.Length; i++) into[i] = alphabet[_chance.Next(alphabet.Length)];
    });

    private string Pick(params string[] words) => words[_chance.Next(words.Length)];

    /// <summary>A text in which nothing is planted: numbers, dates, ids, versions, code, prose.</summary>
    public string Clean()
    {
        var n = (int digits) => Run("123456789", 1) + Run(Digit, digits - 1);
        var moment = new DateTime(2019, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(_chance.Next(250_000_000));
        var date = (string format) => moment.ToString(format, CultureInfo.InvariantCulture);
        var uuid = new Guid(_chance.Next(), (short)_chance.Next(), (short)_chance.Next(), BitConverter.GetBytes(_chance.NextInt64())).ToString();
        return _chance.Next(44) switch
        {
            0 => $"Order {n(8)} was shipped on {date("yyyy-MM-dd")}.", 1 => $"order id: {n(4)}-{n(7)}-{n(7)}", 2 => $"Invoice INV-{date("yyyy")}-{n(6)}", 3 => $"request_id={uuid}", 4 => $"trace {uuid.Replace("-", "")}",
            5 => $"Version {n(1)}.{n(2)}.{n(2)}-rc.{n(1)} of the package", 6 => $"left-pad@{n(1)}.{n(1)}.{n(1)} and @types/node@{n(2)}.0.0", 7 => $"The population is {n(2)},{n(3)},{n(3)} people.", 8 => $"It costs {n(4)}.{Run(Digit, 2)} EUR or 1 {n(3)} 000 Kč.",
            9 => $"Am {date("dd.MM.yyyy")} um {date("HH:mm")} Uhr", 10 => $"{date("MM/dd/yyyy")} {date("HH:mm:ss")}", 11 => $"{date("yyyy-MM-ddTHH:mm:ssZ")} INFO started in {n(4)} ms", 12 => $"ts={new DateTimeOffset(moment).ToUnixTimeSeconds()} level=warn", 13 => $"{new DateTimeOffset(moment).ToUnixTimeMilliseconds()}",
            14 => $"commit {Run("0123456789abcdef", 40)}", 15 => $"10.{_chance.Next(255)}.{_chance.Next(255)}.{_chance.Next(255)}:8080", 16 => $"2001:db8:85a3::8a2e:370:{_chance.Next(1000, 9999)}", 17 => $"ISBN 978-3-16-{n(6)}-0", 18 => $"lat {_chance.NextDouble() * 90:F6}, lon {_chance.NextDouble() * 180:F6}",
            19 => $"x = {n(3)} * {n(3)} + {n(5)} - 0.{n(6)}", 20 => $"{n(3)} {n(3)} {n(3)} bytes were read", 21 => $"Pages {n(3)}-{n(3)}, chapter {n(2)}", 22 => $"| {n(4)} | {n(4)} | {n(4)} | {n(4)} |", 23 => $"SKU {n(4)}-{n(4)}-{Run(Upper, 2)}", 24 => $"tracking number 1Z{n(3)}AA1{n(10)}",
            25 => "public static async Task<int> MainAsync(string[] args) => await RunAsync(args);", 26 => $"SELECT id, token_count FROM calls WHERE max_tokens > {n(4)} LIMIT 100;", 27 => "The token limit is documented; the secret of good soup is time, and the password policy says so.", 28 => "Reset your password: click on the link in the message that we sent.",
            29 => "api_key = os.environ[\"OPENAI_API_KEY\"]", 30 => "token = get_token(user)", 31 => "postgres://user:password@localhost/db", 32 => $"See https://example.com/articles/{date("yyyy/MM/dd")}/release-notes-{n(2)}?page=2", 33 => "icon@2x.png, @app.route(\"/\"), a @ b, meet at noon, and @mentions stay.",
            34 => $"The scores were {n(2)}-{n(2)}, {n(2)}-{n(2)} and {n(2)}-{n(2)}.", 35 => $"In {date("yyyy")} and {date("yyyy")} we sold {n(5)} and {n(6)} units.", 36 => $"0x{Run("0123456789abcdef", 16)} {n(12)}", 37 => $"{{\"max_tokens\": {n(4)}, \"seed\": {n(9)}, \"model\": \"gpt-4o-2024-08-06\"}}", 38 => $"IBAN of the example is not here, the sum is {n(3)}.{n(3)},{Run(Digit, 2)} €",
            39 => $"Case {n(5)}/{n(2)}: the court said on {date("d MMMM yyyy")} that …", 40 => "risk-assessment-of-the-task-sk-learn-estimator-with-long-name", 41 => $"Temperature -{n(2)}.{n(1)} °C, pressure {n(4)} hPa, {n(3)}/{n(2)} mmHg", 42 => $"call_{Run(Alnum, 24)} chatcmpl-{Run(Alnum, 29)}", _ => $"1) {n(4)} 2) {n(4)} 3) {n(4)} 4) {n(4)}",
        };
    }
}
