using System.Text.RegularExpressions;

namespace Rung.Core.Policies.Reading;

/// <summary>
/// Holds a YAML text against the shapes and reports everything that does not fit: unknown keys, wrong types, values out of range. On its
/// way it notes the place of every path, so that later stages can point at the text.
/// </summary>
internal sealed partial class ShapeReader(FaultList faults, Dictionary<string, Place> places)
{
    /// <summary>Walks one value.</summary>
    /// <param name="shape">What is wanted.</param>
    /// <param name="value">What is there.</param>
    /// <param name="path">Its path.</param>
    /// <param name="key">Where its key stands.</param>
    public void Read(Shape shape, YamlValue value, string path, Place key)
    {
        if (shape is NamedReference reference) shape = reference.Target;
        places[path] = value is YamlScalar ? value.Place : key;
        switch (shape)
        {
            case ChoiceShape choice: ReadChoice(choice, value, path, key); break;
            case ObjectShape wanted when value is YamlMap map: ReadObject(wanted, map, path); break;
            case NamedShape wanted when value is YamlMap map: ReadNamed(wanted, map, path, key); break;
            case ListShape wanted when value is YamlList list: ReadList(wanted, list, path, key); break;
            case TextShape wanted when value is YamlScalar { IsNothing: false } scalar: ReadText(wanted, scalar, path); break;
            case BooleanShape when ScalarReader.Boolean(value) is not null: break;
            case IntegerShape wanted when ScalarReader.Integer(value) is { } number: ReadInteger(wanted, number, value.Place, path); break;
            case NumberShape wanted when ScalarReader.Number(value) is { } number: ReadNumber(wanted, number, value.Place, path); break;
            default: WrongType(shape, value, path, key); break;
        }
    }

    private void ReadChoice(ChoiceShape choice, YamlValue value, string path, Place key)
    {
        foreach (var option in choice.Options)
        {
            if (Fits(option, value))
            {
                Read(option, value, path, key);
                return;
            }
        }
        WrongType(choice, value, path, key);
    }

    private static bool Fits(Shape shape, YamlValue value) => shape is NamedReference reference ? Fits(reference.Target, value) : value switch
    {
        YamlMap => shape is ObjectShape or NamedShape,
        YamlList => shape is ListShape,
        YamlScalar { IsNothing: false } => shape is TextShape or BooleanShape or IntegerShape or NumberShape,
        _ => false,
    };

    private void ReadObject(ObjectShape wanted, YamlMap map, string path)
    {
        var found = 0;
        foreach (var entry in map.Entries)
        {
            var known = wanted.Keys.FirstOrDefault(candidate => candidate.Name == entry.Key);
            if (known is null)
            {
                UnknownKey(wanted, entry, path);
                continue;
            }
            found++;
            Read(known.Shape, entry.Value, PolicyPath.Of(path, entry.Key), entry.KeyPlace);
        }
        var place = places.GetValueOrDefault(path, map.Place);
        foreach (var key in wanted.Keys)
        {
            if (key.IsRequired && map[key.Name] is null)
                faults.Add(place, PolicyPath.Of(path, key.Name), $"\"{key.Name}\" is missing. {key.Says}", $"Add \"{key.Name}:\" with {key.Shape.Wanted}.");
        }
        var names = string.Join(", ", wanted.Keys.Select(key => key.Name));
        if (wanted.IsOneKey && map.Entries.Length != 1)
            faults.Add(place, path, $"Exactly one key is wanted here, but there are {map.Entries.Length}.", $"Write one of: {names}.");
        else if (wanted.NeedsAny && found == 0 && map.Entries.IsEmpty)
            faults.Add(place, path, "At least one key is wanted here, but there is none.", $"Write at least one of: {names}.");
    }

    private void UnknownKey(ObjectShape wanted, YamlEntry entry, string path)
    {
        if (faults.IsFull) return;
        var names = wanted.Keys.Select(key => key.Name).ToArray();
        var message = entry.Key == "<<" ? "Merge keys (<<) are not supported." : $"\"{Quotation.Of(entry.Key)}\" is not a key of {Where(path)}.";
        var fix = entry.Key == "<<" ? "Write the keys out; what several tags share belongs into a role." : Suggestion.Fix(entry.Key, names, "keys");
        faults.Add(entry.KeyPlace, PolicyPath.Of(path, Quotation.Of(entry.Key)), message, fix);
    }

    private static string Where(string path) => path.Length == 0 ? "a policy" : path;

    private void ReadNamed(NamedShape wanted, YamlMap map, string path, Place key)
    {
        if (map.Entries.Length < wanted.Least)
            faults.Add(key, path, $"There is no {wanted.One}.", $"Define at least {wanted.Least}.");
        if (map.Entries.Length > wanted.Most)
            faults.Add(key, path, $"There are {map.Entries.Length} entries; at most {wanted.Most} are allowed.", "Split the policy, or remove what is not used.");
        foreach (var entry in map.Entries.Take(wanted.Most))
        {
            var entryPath = PolicyPath.Of(path, Quotation.Of(entry.Key));
            if (!NameText().IsMatch(entry.Key))
                faults.Add(entry.KeyPlace, entryPath, $"\"{Quotation.Of(entry.Key)}\" is not a {wanted.One} name.", "Use 1 to 64 of the characters a-z, 0-9, '.', '_' and '-'.");
            Read(wanted.Value, entry.Value, entryPath, entry.KeyPlace);
        }
    }

    private void ReadList(ListShape wanted, YamlList list, string path, Place key)
    {
        if (list.Items.Length < wanted.Least)
            faults.Add(key, path, "The list is empty.", $"Give at least {wanted.Least}: {wanted.Item.Wanted}.");
        if (list.Items.Length > wanted.Most)
            faults.Add(key, path, $"The list has {list.Items.Length} items; at most {wanted.Most} are allowed.", "Shorten it.");
        for (var i = 0; i < Math.Min(list.Items.Length, wanted.Most); i++) Read(wanted.Item, list.Items[i], PolicyPath.Item(path, i), list.Items[i].Place);
    }

    private void ReadText(TextShape wanted, YamlScalar scalar, string path)
    {
        var text = scalar.Text;
        var shown = wanted.IsSensitive ? "The value (not shown here)" : $"\"{Quotation.Of(text)}\"";
        if (!wanted.Words.IsEmpty)
        {
            if (!wanted.Words.Contains(text))
                faults.Add(scalar.Place, path, $"\"{Quotation.Of(text)}\" is not allowed here.", Suggestion.Fix(text, wanted.Words, "words"));
            return;
        }
        if (!wanted.IsVerbatim && Interpolation().IsMatch(text))
            faults.Add(scalar.Place, path, "Variables are not replaced here: ${…} works nowhere in a policy.", InterpolationFix(path));
        else if (text.Length == 0)
            faults.Add(scalar.Place, path, "The text is empty.", $"Give {wanted.Wanted}, or remove the key.");
        else if (text.Length > wanted.Longest)
            faults.Add(scalar.Place, path, $"The text has {text.Length} characters; at most {wanted.Longest} are allowed.", "Shorten it.");
        else if (wanted.Pattern is { } pattern && !Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking))
            faults.Add(scalar.Place, path, $"{shown} is not {wanted.Wanted}.", $"Write {wanted.Wanted}.");
    }

    private static string InterpolationFix(string path) => path.EndsWith(".key.env", StringComparison.Ordinal)
        ? "Write the bare name of the variable: key: { env: OPENAI_API_KEY }."
        : path.EndsWith(".env", StringComparison.Ordinal) ? "Write the bare name of the variable: { env: NAME }."
        : "Write the value itself. Environment variables are read only for keys: key: { env: NAME }.";

    private void ReadInteger(IntegerShape wanted, long number, Place place, string path)
    {
        if (number < wanted.Least || number > wanted.Most)
            faults.Add(place, path, $"{number} is out of range.", $"Write {wanted.Wanted}.");
    }

    private void ReadNumber(NumberShape wanted, decimal number, Place place, string path)
    {
        if (number < wanted.Least || number > wanted.Most)
            faults.Add(place, path, $"{number} is out of range.", $"Write {wanted.Wanted}.");
        else if (ScalarReader.Decimals(number) > wanted.Decimals)
            faults.Add(place, path, $"{number} has more than {wanted.Decimals} decimals; it could not be kept exactly.", $"Round it to {wanted.Decimals} decimals.");
    }

    private void WrongType(Shape shape, YamlValue value, string path, Place key)
    {
        if (path.EndsWith(".key", StringComparison.Ordinal) && value is YamlScalar { IsNothing: false })
        {
            faults.Add(value.Place, path, "A key must never stand in a policy, not even for a test.",
                "Put it into an environment variable and write key: { env: NAME }, or into a file and write key: { file: /path }. If this was a real key, replace it at the provider.");
            return;
        }
        if (shape is ObjectShape { Title: ControlShape.AddressTitle or ControlShape.SecretTitle } secret && value is YamlScalar { IsNothing: false })
        {
            var (what, name) = secret.Title == ControlShape.AddressTitle ? ("The address of an alert target", "url") : ("The key of a signature", "secret");
            faults.Add(value.Place, path, $"{what} must never stand in a policy: whoever knows it can write there.",
                $"Put it into an environment variable and write {name}: {{ env: NAME }}, or into a file and write {name}: {{ file: /path }}.");
            return;
        }
        if (value is YamlScalar { IsNothing: true })
        {
            faults.Add(key, path, $"\"{PolicyPath.Last(path)}\" is empty.", $"Give {shape.Wanted}, or remove the key.");
            return;
        }
        var isSensitive = shape is TextShape { IsSensitive: true } or ObjectShape { Title: "key" or ControlShape.AddressTitle or ControlShape.SecretTitle };
        var found = value is YamlScalar { Text: var text } && !isSensitive ? $"\"{Quotation.Of(text)}\"" : value.Kind;
        faults.Add(value is YamlScalar ? value.Place : key, path, $"\"{PolicyPath.Last(path)}\" is {found}, but {Short(shape)} is wanted.", $"Write {shape.Wanted}.");
    }

    private static string Short(Shape shape) => shape switch
    {
        TextShape { Words.IsEmpty: true } => "text",
        ListShape => "a list",
        ObjectShape => "a map",
        NamedReference reference => Short(reference.Target),
        ChoiceShape choice => string.Join(" or ", choice.Options.Select(Short).Distinct(StringComparer.Ordinal)),
        _ => shape.Wanted,
    };

    [GeneratedRegex(@"\A[a-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NameText();

    [GeneratedRegex(@"\$\{[A-Za-z_][A-Za-z0-9_]*", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Interpolation();
}
