namespace Hocon;

/// <summary>Typed values by path. A wrong type, and a missing value without a default, is a <see cref="HoconValueException"/>.</summary>
public partial class HoconRoot
{
    public string GetString(string path) => At(path, v => v.GetString());

    public string GetString(string path, string? @default) => At(path, v => v.GetString(), @default!);

    public bool GetBoolean(string path) => At(path, v => v.GetBoolean());

    public bool GetBoolean(string path, bool @default) => At(path, v => v.GetBoolean(), @default);

    public int GetInt(string path) => At(path, v => v.GetInt());

    public int GetInt(string path, int @default) => At(path, v => v.GetInt(), @default);

    public long GetLong(string path) => At(path, v => v.GetLong());

    public long GetLong(string path, long @default) => At(path, v => v.GetLong(), @default);

    public double GetDouble(string path) => At(path, v => v.GetDouble());

    public double GetDouble(string path, double @default) => At(path, v => v.GetDouble(), @default);

    public float GetFloat(string path) => At(path, v => v.GetFloat());

    public float GetFloat(string path, float @default) => At(path, v => v.GetFloat(), @default);

    public decimal GetDecimal(string path) => At(path, v => v.GetDecimal());

    public decimal GetDecimal(string path, decimal @default) => At(path, v => v.GetDecimal(), @default);

    public TimeSpan GetTimeSpan(string path, bool allowInfinite = true) => At(path, v => v.GetTimeSpan(allowInfinite));

    public TimeSpan GetTimeSpan(string path, TimeSpan? @default, bool allowInfinite = true) =>
        At(path, v => v.GetTimeSpan(allowInfinite), @default.GetValueOrDefault());

    public long? GetByteSize(string path) => At(path, v => v.GetByteSize());

    public long? GetByteSize(string path, long? @default) => At(path, v => v.GetByteSize(), @default);

    public HoconObject GetObject(string path) => At(path, v => v.GetObject());

    public HoconObject GetObject(string path, HoconObject? @default) => At(path, v => v.GetObject(), @default!);

    public IList<string> GetStringList(string path) => At(path, v => v.GetStringList());

    public IList<string> GetStringList(string path, IList<string> @default) => At(path, v => v.GetStringList(), @default);

    public IList<bool> GetBooleanList(string path) => At(path, v => v.GetBooleanList());

    public IList<bool> GetBooleanList(string path, IList<bool> @default) => At(path, v => v.GetBooleanList(), @default);

    public IList<int> GetIntList(string path) => At(path, v => v.GetIntList());

    public IList<int> GetIntList(string path, IList<int> @default) => At(path, v => v.GetIntList(), @default);

    public IList<long> GetLongList(string path) => At(path, v => v.GetLongList());

    public IList<long> GetLongList(string path, IList<long> @default) => At(path, v => v.GetLongList(), @default);

    public IList<double> GetDoubleList(string path) => At(path, v => v.GetDoubleList());

    public IList<double> GetDoubleList(string path, IList<double> @default) => At(path, v => v.GetDoubleList(), @default);

    public IList<HoconObject> GetObjectList(string path) => At(path, v => v.GetObjectList());

    private T At<T>(string path, Func<HoconValue, T> get)
    {
        try
        {
            return get(GetNode(path));
        }
        catch (Exception e) when (e is HoconException or KeyNotFoundException or HoconParserException)
        {
            throw new HoconValueException($"{path}: {e.Message}", path, e);
        }
    }

    private T At<T>(string path, Func<HoconValue, T> get, T @default) => HasPath(path) ? At(path, get) : @default;
}
